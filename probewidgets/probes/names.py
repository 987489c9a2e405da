"""Names that a probe predicts: an array of them that does not compare with numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from probewidgets.errors import ProbeError

__all__ = ["Names"]


class Names(npt.NDArray[Any]):
    """Labels by name. Numpy finds them unequal to any number, so that an accuracy by numbers would be 0 in silence."""

    # pandas then lets this class compare where a Series stands on the left.
    __pandas_priority__ = 5000

    def __eq__(self, other: object) -> Any:
        _check_comparable(self, other)
        return np.asarray(self) == other

    def __ne__(self, other: object) -> Any:
        _check_comparable(self, other)
        return np.asarray(self) != other

    def __array_function__(self, function: Any, types: Any, given: Any, options: Any) -> Any:
        if function in _COMPARING:
            _check_comparable(*[*given, *options.values()][:2])
        return super().__array_function__(function, types, given, options)

    def __repr__(self) -> str:
        return repr(np.asarray(self))


_COMPARING = (np.array_equal, np.array_equiv, np.isin, np.intersect1d, np.setdiff1d)
"""Functions of two arrays, given first, in which numpy too finds no name among numbers without a word."""


def _check_comparable(*both: object) -> None:
    names, given = sorted(map(np.asarray, both), key=lambda array: array.dtype.kind != "U")
    if given.size and names.dtype.kind == "U" and given.dtype.kind in "iufb":
        raise ProbeError(
            f"The probe predicts labels by name, such as {str(names.flat[0]) if names.size else 'NOUN'!r}, and numbers "
            f"({given.dtype}) are equal to none of them. Compare names: (probe.predict(X) == targets.names).mean()."
        )
