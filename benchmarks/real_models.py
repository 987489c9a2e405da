"""Every kind of text model that transformers has, tiny and random: are its states right, or is it refused by name?

    python benchmarks/real_models.py               # all of them, some minutes on one core
    python benchmarks/real_models.py gpt2 bert     # some
    python benchmarks/real_models.py --write docs/models.md    # all of them, into the table of that page

Each is built from its config (tests/zoo.py), and read at every layer of every site by the path that a capture takes: a
padded batch of texts of several lengths. At the residual stream its rows are held against what the model itself reports
(`output_hidden_states=True`) of each text alone; elsewhere against those of a batch of one; and where attention and MLP
are said to add up to what a block does, they are added up here, for another text. The exit status is 1 if any is wrong.
"""

from __future__ import annotations

import argparse
import inspect
import io
import re
import signal
import sys
import textwrap
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import torch
import transformers as hf

import probewidgets as pw
from probewidgets.errors import ModelError
from probewidgets.models.batching import batches
from probewidgets.models.plain import hold
from probewidgets.models.sites import Site, attention, block, head, mlp, residual
from probewidgets.models.sums import summed
from probewidgets.models.tapped import Encoded
from probewidgets.models.taps import record
from tests import tiny, zoo

SITES = (residual, block, attention, mlp, head(0))
TEXTS = ("b a", "The cats sat on the mat.", "He said: ran, run.", "a b", "She reads 1,234 books, e.g. novels. " * 5)
SOURCES = ("a", "So the cats sat.", "no cats", "b", "état, señor: the cats sat on the mat. " * 4)
CLOSE = 1e-3
"""How far rows may lie apart by rounding, as a share of their length."""
SECONDS = 60
MARK = "<!-- what follows is written by benchmarks/real_models.py -->"
NAMES = ("kind", "layers", "final norm", *(site.name for site in SITES), "attention and MLP as terms of a sum")
HEADER = (f"| {' | '.join(NAMES)} |", f"|{'---|' * len(NAMES)}")


@dataclass
class Row:
    """One kind, or one stack of it, in the table."""

    kind: str
    layers: str = ""
    norm: str = ""
    outcomes: dict[str, str] = field(default_factory=dict)
    sums: str = ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kinds", nargs="*", help="kinds of models; all by default")
    parser.add_argument("--write", type=Path, help="a page, whose table is made anew")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    hf.logging.set_verbosity_error()
    begun, rows, lines = time.perf_counter(), [], [*HEADER]
    print(*HEADER, sep="\n")
    for kind in options.kinds or zoo.kinds():
        for row in screen(kind):
            rows.append(row)
            lines.append(line(row))
            print(lines[-1], flush=True)
    counts = Counter(outcome.split(":")[0].split(",")[0] for row in rows for outcome in row.outcomes.values())
    places = ", ".join(f"{counts[name]:,} {name}" for name in ("right", "refused", "WRONG", "not built"))
    told = (
        f"transformers {hf.__version__}: {len({row.kind.split()[0] for row in rows})} kinds, {len(rows)} stacks; "
        f"outcomes of their sites: {places}."
    )
    print(f"\n{told} {time.perf_counter() - begun:.0f} s")
    if options.write:
        text = options.write.read_text(encoding="utf-8")
        page = [text[: text.index(MARK)] + MARK, "", told, "", *lines, ""]
        options.write.write_text("\n".join(page), encoding="utf-8")
    wrong = [row.kind for row in rows if any(outcome.startswith("WRONG") for outcome in row.outcomes.values())]
    sys.exit(f"wrong: {', '.join(wrong)}" if wrong else 0)


def line(row: Row) -> str:
    """One line of the table; a reason that is the same as in the cell before is not told again."""
    cells, before = [], ""
    for site in SITES:
        outcome = row.outcomes.get(site.name, "")
        again = outcome.startswith("refused") and outcome.replace(site.name, "")[:40] == before
        before = outcome.replace(site.name, "")[:40]
        cells.append("refused, as before" if again else outcome)
    return f"| {' | '.join(cell.replace('|', '/') for cell in (row.kind, row.layers, row.norm, *cells, row.sums))} |"


def screen(kind: str) -> Iterator[Row]:
    """The rows of one kind: one for each of its stacks."""
    tokenizer = tiny.tokenizer("byte-bpe", "<s> $A </s>")
    special = {f"{name}_token_id": getattr(tokenizer, f"{name}_token_id") for name in ("pad", "bos", "eos")}
    try:
        with limit(SECONDS):
            model = zoo.build(kind, special)
            with torch.inference_mode():  # by an ordinary call, so that no slip of ours is told as a refusal
                model(**{name: torch.tensor([[5, 6, 7, 6]]) for name in zoo.reads(model)})
    except Exception as error:
        yield Row(kind, outcomes={residual.name: f"not built: {first_words(error)}"})
        return
    for stack in zoo.stacks(model):
        row = Row(kind if stack is None else f"{kind} {stack}")
        try:
            with limit(SECONDS):
                lm = pw.LanguageModel(model, tokenizer, stack=stack)
                _ = repr(lm), lm.card, lm.causal  # what a capture asks for, too
        except Exception as error:
            row.outcomes = {site.name: refusal(error) for site in SITES}
            yield row
            continue
        row.layers, row.norm = str(lm.n_layers), "yes" if lm.final_norm else "no"
        for site in SITES:
            try:
                with limit(SECONDS):
                    row.outcomes[site.name] = outcome(lm, site)
            except Exception as error:
                row.outcomes[site.name] = refusal(error)
        row.sums = sums(lm)
        if "WRONG" in row.sums:
            row.outcomes["sums"] = row.sums
        yield row


def sums(lm: pw.LanguageModel) -> str:
    """What the model says of its attention and MLP as terms of a sum; `WRONG` if a longer text tells otherwise."""
    told, pieces = {}, lm.encode(TEXTS, SOURCES if lm.stack == "decoder" else None)
    for site in (attention, mlp):
        with suppress(ModelError):
            told[site.name] = briefly(lm.place(site).sums.values())
            hold(lm, pieces[-1:], lm.layers_of(site), site)  # a model that pads inside is refused here
            told[site.name] = otherwise(lm, site, pieces[-1]) or told[site.name]
    return told["attention"] if len({*told.values()}) == 1 < len(told) else "; ".join(map(": ".join, told.items()))


def otherwise(lm: pw.LanguageModel, site: Site, piece: Encoded) -> str:
    """How the parts of the blocks that another text tells differ from those that the model learned; empty if not."""
    place, blocks = lm.place(site), lm.sites.blocks
    with torch.inference_mode():
        calls, _ = record(lm.model, lambda: lm._forward([piece]))
    parts = summed(calls, blocks, (1, len(piece), lm.hidden_size))[site.kind] if blocks else {}
    for layer, states in zip(place.taps, lm.states([piece], site=site), strict=True):
        part = parts.get(layer)
        if part is None or (part.sum, part.wrong) != (place.sums[layer], ""):
            return f"WRONG: in layer {layer} a long text tells otherwise, {part and (part.sum, part.wrong)}"
        if not close(part.call.output.view_as(states), states):
            return f"WRONG: in layer {layer} another module for a long text, {part.call.module}"
    return ""


def briefly(sums: Iterable[str]) -> str:
    return ", or ".join(dict.fromkeys(text.split(":")[0] for text in sums))


def refusal(error: Exception) -> str:
    if isinstance(error, ModelError):
        return f"refused: {first_words(error)}"
    return f"WRONG: raw error, {type(error).__name__} {first_words(error)}"


def first_words(error: BaseException) -> str:
    words = " ".join(str(error).split())
    return textwrap.shorten(re.sub(r"^\w+: |\S*/\S*", "", words), 150, placeholder=" ...")


def outcome(lm: pw.LanguageModel, site: Site) -> str:
    """`right`, or what is wrong at a site."""
    pieces = lm.encode(TEXTS, SOURCES if lm.stack == "decoder" else None)
    layers = lm.layers_of(site)
    hold(lm, pieces, layers, site)
    rows: dict[int, list[torch.Tensor]] = {}
    for batch in batches([len(piece) for piece in pieces], 512, pads=lm.pads):
        states = lm.states([pieces[i] for i in batch], layers, site)
        rows |= {i: [state[row, : len(pieces[i])] for state in states] for row, i in enumerate(batch)}
    for i, piece in enumerate(pieces):
        wrong = not_as_reported(lm, piece, rows[i]) if site == residual else None
        alone = [state[0] for state in lm.states([piece], layers, site)]
        apart = [layer for layer, a, b in zip(layers, rows[i], alone, strict=True) if not close(a, b)]
        if wrong or apart:
            return f"WRONG: {wrong or f'layers {apart}'}, {len(piece)} tokens"
    if site == residual and (apart := not_as_captured(lm, pieces, rows)):
        return f"WRONG: {apart}"
    return "right" if len(layers) >= lm.n_layers - (site not in (residual, block)) else f"right, layers {list(layers)}"


def not_as_reported(lm: pw.LanguageModel, piece: Encoded, rows: Sequence[torch.Tensor]) -> str:
    """How rows (L, T, D) differ from the states that the model reports of a text alone; empty if they do not.

    Each must be one of those, in their order, but for the embeddings, which some models do not report; and each of
    those must be among them, but for the last block's before and after the final norm.
    """
    reported = [state[0] for state in plain(lm, piece)]
    places = [next((j for j, state in enumerate(reported) if close(row, state)), None) for row in rows]
    seen = [place for place in places if place is not None]
    lost = [layer for layer, place in enumerate(places) if place is None and 0 < layer < len(rows) - 1]
    left = set(range(len(reported) - 1)) - set(seen)
    if lost:
        return f"layers {lost} are not reported"
    if seen != sorted(seen):
        return f"layers are reported in another order, {places}"
    if left - {len(reported) - 2}:
        return f"reported states {sorted(left)} of {len(reported)} are no layer"
    return ""


def not_as_captured(lm: pw.LanguageModel, pieces: Sequence[Encoded], rows: dict[int, list[torch.Tensor]]) -> str:
    """How `pw.capture` of the last token of each text differs from these rows; empty if it does not."""
    sources = SOURCES if lm.stack == "decoder" else (None,) * len(TEXTS)
    examples = [
        pw.Example(t, labels={"y": "ab"[i % 2]}, source=s) for i, (t, s) in enumerate(zip(TEXTS, sources, strict=True))
    ]
    corpus = pw.Corpus(tuple(examples), pw.Split(tuple(range(len(TEXTS))), (), ()))
    with redirect_stderr(io.StringIO()):  # its bar would stand between the lines
        acts = pw.capture(lm, corpus, pw.SentenceTask("y"), pool=pw.last, store=False)
    for i, piece in enumerate(pieces):
        last = int((~torch.tensor(piece.special)).nonzero()[-1])
        for layer in lm.layers:
            if not close(torch.tensor(acts.layer(layer)[i]), rows[i][layer][last].float()):
                return f"captured otherwise, layer {layer}, {len(piece)} tokens"
    return ""


def plain(lm: pw.LanguageModel, piece: Encoded) -> Sequence[torch.Tensor]:
    """What transformers reports of one text, by an ordinary call."""
    accepted = inspect.signature(lm.model.forward).parameters
    inputs: dict[str, Any] = {
        n: torch.tensor([v]) for n, v in {**piece.source, **piece.inputs}.items() if n in accepted
    }
    # FSMT masks what comes later only where it keeps no cache.
    inputs |= {"use_cache": False} if "use_cache" in accepted else {}
    with torch.inference_mode():
        out = lm.model(**inputs, output_hidden_states=True, return_dict=True)
    return out.decoder_hidden_states if lm.stack == "decoder" else out.hidden_states


def close(a: torch.Tensor, b: torch.Tensor) -> bool:
    return a.shape == b.shape and bool(((a - b).norm(dim=-1) <= CLOSE * b.norm(dim=-1) + 1e-6).all())


@contextmanager
def limit(seconds: int) -> Iterator[None]:
    """TimeoutError where what is inside takes longer."""

    def stop(*_: object) -> None:
        raise TimeoutError(f"more than {seconds} s")

    before: Callable[..., Any] | int | None = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


if __name__ == "__main__":
    main()
