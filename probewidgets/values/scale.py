"""What the numbers of a task are like in train, and how one of them is written."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from probewidgets.errors import ProbeError

__all__ = ["Change", "Scale", "digits"]


def digits(number: float, places: int) -> str:
    """A number with so many digits behind the point, with a true minus and no minus zero."""
    text = f"{number:.{places}f}"
    return text.replace("-", "−") if float(text) else text.replace("-", "")


@dataclass(frozen=True)
class Scale:
    """What the numbers of a task are like in train: what their colours span, and what lies outside of all of them.

    Args:
        low: Where the colours begin: the 5 % quantile of train.
        high: Where they end: the 95 % quantile.
        least: The least number of train; minus infinity where that is not known.
        largest: The largest.

    Raises:
        ProbeError: The numbers are not in order, or the colours span nothing.
    """

    low: float
    high: float
    least: float = float("-inf")
    largest: float = float("inf")

    changes: ClassVar[bool] = False
    """Whether the numbers are differences, of which zero says that nothing has changed."""

    def __post_init__(self) -> None:
        if not self.least <= self.low < self.high <= self.largest or not np.isfinite([self.low, self.high]).all():
            raise ProbeError(f"A scale has least <= low < high <= largest, low and high finite, but {self} came.")

    @classmethod
    def of(cls, numbers: npt.ArrayLike) -> Scale:
        """That of the numbers of train; where nearly all are equal, the colours span all of them.

        Raises:
            ProbeError: There is no number, or NaN or infinity among them.
        """
        train = np.asarray(numbers, np.float64).ravel()
        if not train.size or not np.isfinite(train).all():
            raise ProbeError(f"A scale is that of finite numbers, but {train.size} came, NaN or infinity among them.")
        least, low, high, largest = np.quantile(train, [0, 0.05, 0.95, 1]).tolist()
        if low < high:
            return cls(low, high, least, largest)
        margin = 0.0 if least < largest else max(abs(least), 1.0) / 2
        return cls(least - margin, largest + margin, least - margin, largest + margin)

    @property
    def unknown(self) -> Scale:
        """The same colours, where nothing is known of train."""
        return Scale(self.low, self.high)

    @property
    def facts(self) -> dict[str, float]:
        """What a file says of it."""
        return asdict(self)

    @property
    def ends(self) -> tuple[float, float]:
        """Where the colours begin and end: as far on either side of zero where the numbers have both signs."""
        if not self.signed:
            return self.low, self.high
        far = max(-self.low, self.high)
        return -far, far

    @property
    def signed(self) -> bool:
        """Whether the numbers have both signs."""
        return self.low < 0 < self.high

    @property
    def places(self) -> int:
        """Digits behind the point: so many that the span of the colours has 30 steps or more, and fewer than 320."""
        return int(np.clip(np.ceil(1.5 - np.log10(self.high - self.low)), 0, 12))

    def text(self, number: float) -> str:
        """A number as it is shown: `"4.2"`, `"−0.31"`."""
        return digits(number, self.places)

    @property
    def trained(self) -> str:
        """The numbers of train: `"3 to 12"`; empty where they are not known."""
        if not np.isfinite([self.least, self.largest]).all():
            return ""
        return f"{self._short(self.least)} to {self._short(self.largest)}"

    @property
    def ticks(self) -> tuple[str, str, str]:
        """The numbers at the beginning, the middle and the end of the colours."""
        low, high = self.ends
        return self._short(low), self._short((low + high) / 2), self._short(high)

    def _short(self, number: float) -> str:
        """A number without zeros at its end: `"3"`."""
        text = self.text(number)
        return text.rstrip("0").rstrip(".") if "." in text else text

    def outside(self, numbers: npt.ArrayLike) -> Any:
        """Of each number 1 where it is above all of train, -1 where it is below, else 0."""
        numbers, (least, largest) = np.asarray(numbers), self.bounds
        return (numbers > largest).astype(int) - (numbers < least)

    @property
    def bounds(self) -> tuple[float, float]:
        """Beyond which a number is outside of train: those that are written as its least and largest are not."""
        step = 10.0**-self.places
        return self.least - step / 2, self.largest + step / 2


class Change(Scale):
    """What differences are like: zero is the middle of their colours, and what has become more is told with a plus."""

    changes: ClassVar[bool] = True

    @classmethod
    def up_to(cls, most: float) -> Change:
        """That of differences of which the largest, either way, has the strongest colour."""
        return cls(-most, most)

    def text(self, number: float) -> str:
        """A difference as it is shown: `"+0.42"`, `"−0.31"`, `"0.00"`."""
        text = super().text(number)
        return f"+{text}" if number > 0 and float(text) else text
