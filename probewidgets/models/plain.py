"""Plain: what is read of a batch, held against a plain pass of one text alone.

Places, padding and the first block were found by a short text. A model may do otherwise with a longer one.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch

from probewidgets.errors import ModelError
from probewidgets.models.fingerprints import is_touched
from probewidgets.models.sites import Site, residual
from probewidgets.models.tapped import Encoded, TappedModel

__all__ = ["hold"]

_APART = {torch.float64: 1e-2, torch.float32: 1e-2}
"""How far states may lie apart by rounding, on average over the tokens, as a share of their length;"""
_HALF = 0.2
"""and in half precision, where the choice of an expert may turn on it."""
_ROOM = 1 << 28
"""The most numbers of all layers of a text that is held."""


def hold(model: TappedModel, pieces: Sequence[Encoded], layers: Sequence[int], site: Site = residual) -> None:
    """Hold the states that a batch gives of some texts against those of each alone.

    At the residual stream these are the ones that the model itself reports, elsewhere those of a batch of one.

    Args:
        model: Whose states.
        pieces: Some texts; of each length that matters one.
        layers: Which layers.
        site: Where in a block.

    Raises:
        ModelError: They are others.
    """
    pieces = [piece for piece in pieces if len(piece) * model.hidden_size * model.n_layers <= _ROOM]
    batches = [pieces] if model.pads else [[piece, piece] for piece in pieces]
    rows = [
        row for batch in batches if batch for row in zip(*TappedModel.states(model, batch, layers, site), strict=True)
    ]
    for piece, together in zip(pieces, rows if model.pads else rows[::2], strict=True):
        alone = _alone(model, piece, layers, site)
        for layer, padded, b in zip(layers, together, alone, strict=True):
            a = padded[: len(piece)]
            if _apart(a, b) > _APART.get(a.dtype, _HALF) and not _is_random(model, pieces, layers, site):
                raise ModelError(
                    f"{model.name}: the states of layer {layer} at {site.name!r} of a text of {len(piece)} tokens are "
                    f"others in a batch than those of a plain pass of it alone, by {_apart(a, b):.0%} of their length. "
                    "The model runs otherwise at this length, or reads the other texts of a batch: its rows would be "
                    "wrong. Take shorter texts, or another site; or read the module with SequenceModel."
                )


def _alone(model: TappedModel, piece: Encoded, layers: Sequence[int], site: Site) -> list[torch.Tensor]:
    """Per layer (T, D)."""
    plain = site == residual and set(layers) <= set(model.numbered) and not is_touched(model.model)
    if not plain:  # what a hook changes, a model need not report
        return [states[0] for states in TappedModel.states(model, [piece], layers, site)]
    reported = model.reported(piece)
    return [reported[model.numbered[layer]][0] for layer in layers]


def _apart(a: torch.Tensor, b: torch.Tensor) -> float:
    if a.shape != b.shape:
        return float("inf")
    share = (a.double() - b.double()).norm(dim=-1) / b.double().norm(dim=-1).clamp(min=1e-12)
    return float(share.nan_to_num(0.0, float("inf")).mean())


def _is_random(model: TappedModel, pieces: Sequence[Encoded], layers: Sequence[int], site: Site) -> bool:
    """Whether one pass differs from the next: then there is nothing to hold anything against."""
    return any(
        not torch.equal(first, second)
        for piece in pieces
        for first, second in zip(*(TappedModel.states(model, [piece], layers, site) for _ in range(2)), strict=True)
    )
