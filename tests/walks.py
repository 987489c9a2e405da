"""Which files of the package four calls walk through, and where they climb.

python tests/walks.py             what stands in this folder
python tests/walks.py FOLDER      the package in another one; `house.py --at REV --walks` makes it

A walk is made of steps: one file calls into another. A step climbs where it leads into a room above (in the order of
the house), and comes back where it leads into a file that waits for it further up the walk. Either is told apart by
whether the file imports the one that it calls: if not, it calls what was handed down to it (the work of a thread, what
to make of a layer's states), or a method of a value that it was given.
"""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import threading
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from house import House

LINE = "{}\t{}\t{}\t{}\t_\t_\t{}\t{}\t_\t_"
WORDS = (("The", "DET"), ("cats", "NOUN"), ("sat", "VERB"), ("here", "ADV"), ("and", "CCONJ"), ("ran", "VERB"))


@dataclass
class Walk:
    """What one call did. Files are named by their place below the package."""

    package: Path
    steps: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(from, into) -> how often, in the order in which they came first."""
    places: set[tuple[str, str, int]] = field(default_factory=set)
    """Every line that calls into another file: from, into, line."""
    back: Counter[tuple[str, str]] = field(default_factory=Counter)
    """The steps into a file that waits further up."""

    def __call__(self, frame: FrameType, event: str, _: object) -> None:
        if event != "call" or (into := self._where(frame.f_code)) is None:
            return
        above = list(self._above(frame))
        if not above or above[0][0] == into or any(code.co_name == "<module>" for _, code, _ in above):
            return
        step = above[0][0], into
        self.steps[step] += 1
        self.places.add((*step, above[0][2]))
        self.back[step] += into in {where for where, _, _ in above}

    def _where(self, code: CodeType) -> str | None:
        """The file of some code, unless it is of another package or only being imported."""
        path = Path(code.co_filename)
        if self.package not in path.parents or code.co_name == "<module>":
            return None
        return path.relative_to(self.package).as_posix()

    def _above(self, frame: FrameType) -> Iterator[tuple[str, CodeType, int]]:
        """The files that wait for a frame, the nearest first."""
        waiting = frame.f_back
        while waiting:
            path = Path(waiting.f_code.co_filename)
            if self.package in path.parents:
                yield path.relative_to(self.package).as_posix(), waiting.f_code, waiting.f_lineno
            waiting = waiting.f_back

    def told(self, house: House) -> Iterator[str]:
        """The walk in words."""
        floor = {room: number for number, room in enumerate(house.order)}
        links = {(file.where, other.where) for file, other in house.links()}
        climbs = [step for step in self.steps if floor[room(step[1])] > floor[room(step[0])]]
        back = [step for step, times in self.back.items() if times]
        entered = Counter(into for _, into, _ in self.places)
        files = list(dict.fromkeys(where for step in self.steps for where in step))
        yield f"{len(files)} files in {len({room(f) for f in files})} rooms; {len(self.steps)} steps between files"
        yield f"    {' > '.join(dict.fromkeys(room(where) for where in files))}"
        for verb, steps in (("climb", climbs), ("come back", back)):
            imported, handed = ([step for step in steps if (step in links) == known] for known in (True, False))
            yield f"    {len(imported)} {verb} by an import: {listed(imported)}"
            yield f"    {len(handed)} {verb} to what was handed down: {listed(handed)}"
        most = ", ".join(f"{into} from {count}" for into, count in entered.most_common(3))
        yield f"    entered from the most places: {most}"


def room(where: str) -> str:
    return where.split("/")[0].removesuffix(".py")


def listed(steps: list[tuple[str, str]]) -> str:
    return "; ".join(f"{start} -> {into}" for start, into in steps) or "none"


def walked(package: Path, call: Callable[[], Any]) -> Walk:
    """Trace one call, in all of its threads. It is made once before, so that no import is traced."""
    call()
    walk = Walk(package.resolve())
    threading.setprofile(walk)
    sys.setprofile(walk)
    try:
        call()
    finally:
        sys.setprofile(None)
        threading.setprofile(None)  # type: ignore[arg-type]
    return walk


def written(path: Path, sentences: int) -> Path:
    """A small treebank: the same words in other orders."""
    lines = []
    for number in range(sentences):
        words = [WORDS[(number + i * (number % 5 + 1)) % len(WORDS)] for i in range(len(WORDS))]
        heads = [(i + 1, form, form, tag, i, "root" if not i else "dep") for i, (form, tag) in enumerate(words)]
        lines += [LINE.format(*head) for head in heads] + [""]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def walks(package: Path, folder: Path) -> Iterator[tuple[str, Walk]]:
    """The four walks of the house, on a tiny model."""
    import tiny

    import probewidgets as pw

    os.environ["PROBEWIDGETS_CACHE"] = str(folder / "cache")
    parts = [written(folder / f"{name}.conllu", n) for name, n in (("train", 30), ("dev", 12), ("test", 12))]
    corpus, task = pw.read_conllu(*parts), pw.WordTask("upos")
    model = pw.LanguageModel(*tiny.model("bert"), device="cpu")
    stores = iter(range(9))  # each capture has a new place to fill
    yield "capture", walked(package, lambda: pw.capture(model, corpus, task, store=folder / str(next(stores))))
    acts = pw.capture(model, corpus, task, store=False)
    yield "sweep", walked(package, lambda: pw.sweep(acts, pw.LinearProbe(), control=True))
    swept = pw.sweep(acts, pw.LinearProbe(), control=True)
    yield "Sweep.table()", walked(package, swept.table)
    ask = pw.predictor(model, swept)
    yield "a typed sentence", walked(package, lambda: ask("The cats sat"))


def main() -> None:
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[1]).resolve()
    sys.path[:0] = [str(root), str(root / "tests"), str(Path(__file__).parent)]
    os.environ["HF_HUB_OFFLINE"] = "1"
    warnings.simplefilter("ignore")
    logging.disable()
    from house import House

    house = House(root)
    with tempfile.TemporaryDirectory() as folder:
        for name, walk in walks(root / "probewidgets", Path(folder)):
            sys.stdout.write("\n".join([f"\n{name}: {next(told := walk.told(house))}", *told]) + "\n")


if __name__ == "__main__":
    main()
