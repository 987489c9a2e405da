"""Places: what a person names as a model, as a folder or a name on the hub, a file in it, and a name for captions."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import torch

from probewidgets.errors import ModelError, clipped
from probewidgets.models import embedded

__all__ = ["called", "place_of", "with_gguf"]


def called(model: Any, gguf_file: str | None = None) -> str:
    """The name of a model in captions: that of its file or its folder, or its own.

    Raises:
        ModelError: It is nothing that can be a model.
    """
    if model is None:
        return embedded.NAME
    if isinstance(model, torch.nn.Module):
        if not hasattr(model, "config"):
            raise ModelError(
                f"{type(model).__name__} is no transformers model: it has no config. Pass the one inside it."
            )
        # What it was loaded from, of which a path is too long for a caption, and nobody else's business.
        return _short(getattr(model.config, "_name_or_path", "")) or type(model).__name__
    if isinstance(model, (str, os.PathLike)):
        if gguf_file:
            return os.path.basename(gguf_file).removesuffix(".gguf")
        return _short(os.path.expanduser(os.fspath(model)))
    raise ModelError(
        f"LanguageModel takes a name, a folder or a transformers model, but {type(model).__name__} came: "
        f"{clipped(model, 80)}."
    )


def _short(place: str) -> str:
    """The last part of a path; a name on the hub as it is."""
    path = os.path.isdir(place) or os.path.isabs(place) or place.startswith(".")
    return os.path.basename(os.path.normpath(os.path.abspath(place))) if path else place


def with_gguf(model: Any, options: Mapping[str, Any]) -> tuple[Any, dict[str, Any]]:
    """A GGUF file, or a folder that has nothing but one, as a folder and the `gguf_file` in it; all else as it came.

    Raises:
        ModelError: There is no such file, or the folder has several.
    """
    options = dict(options)
    if not isinstance(model, (str, os.PathLike)) or "gguf_file" in options:
        return model, options
    place = os.path.expanduser(os.fspath(model))
    if os.path.isdir(place) and not os.path.exists(os.path.join(place, "config.json")):
        files = sorted(name for name in os.listdir(place) if name.endswith(".gguf"))
        if len(files) > 1:
            raise ModelError(
                f"The folder {place} has {len(files)} GGUF files: {clipped(files, 200)}. Say which, "
                f"LanguageModel(..., gguf_file={files[0]!r})."
            )
        return (model, options | {"gguf_file": files[0]}) if files else (model, options)
    if not place.endswith(".gguf"):
        return model, options
    if not os.path.isfile(place):
        raise ModelError(
            f"There is no file {place}. Give the path of one, or for one on the hub the repository and its name: "
            "LanguageModel('org/model', gguf_file='model.gguf')."
        )
    return os.path.dirname(place) or os.curdir, options | {"gguf_file": os.path.basename(place)}


def place_of(source: str | os.PathLike[str], what: str) -> tuple[str, bool]:
    """A folder or a name on the hub, and whether it is a folder."""
    place = os.path.expanduser(os.fspath(source))
    local = os.path.isdir(place)
    if not local and (os.path.isabs(place) or place.startswith((".", "~"))):
        raise ModelError(f"There is no folder {place} with {what}. Give one made by save_pretrained, or a hub name.")
    return place, local
