"""The rules of the house, read off the sources: who may import what, and what nobody may do."""

from __future__ import annotations

import dataclasses
import inspect
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import probewidgets as pw
from tests import house
from tests.house import NAME, ROOMS, House

HOUSE = House()
ROOT, PACKAGE = HOUSE.root, HOUSE.package
IMPORTS = [(file, name) for file in HOUSE.files for name in file.imports(HOUSE.homes)]

DOORS = {
    "transformers": ("models", "captures"),
    "tokenizers": ("models",),
    "sklearn": ("probes",),
    "huggingface_hub": ("models",),
    "ray": ("captures/ray.py",),
    "torch": ("models", "captures", "probes", "methods", "machine"),
    "matplotlib": ("figures", "still.py"),
    "anywidget": ("widgets",),
    "ipywidgets": ("widgets",),
    "traitlets": ("widgets",),
}
"""Library -> the rooms, files or names of files that may import it."""

PLAIN = {"errors": set(), "values": {"numpy"}, "metrics": {"numpy", "scipy"}}
"""Room -> all the libraries that it may import."""

NOT_PLAIN = {("metrics", "pandas"), ("values", "pandas")}

LIMITS = {"body": 50, "class": 200, "file": 350, "arguments": 7}
"""Lines of a function's body, of a class, of a file, lexicons apart; arguments below the public surface."""


def test_there_is_a_place_for_every_room() -> None:
    assert set(HOUSE.rooms) <= set(ROOMS)


def test_arrows_run_only_downwards() -> None:
    floor = {room: number for number, room in enumerate(ROOMS)}
    links = [(mine, theirs) for mine, theirs in HOUSE.links() if theirs.room != "__init__"]
    assert {(a.where, b.where) for a, b in links if floor[b.room] > floor[a.room]} == set()


def test_papers_do_not_see_each_other() -> None:
    assert HOUSE.across() == set()


def test_no_file_imports_itself_by_way_of_others() -> None:
    assert HOUSE.circles() == []


def test_imports_are_written_out_from_the_package_on() -> None:
    assert [(file.where, name) for file, name in IMPORTS if name.startswith(".")] == []


def test_every_library_has_one_door() -> None:
    doors = [(file, name, DOORS[name.split(".")[0]]) for file, name in IMPORTS if name.split(".")[0] in DOORS]
    assert [(f.where, name) for f, name, door in doors if not {f.room, f.where, f.path.name} & set(door)] == []


def test_the_lowest_rooms_need_numbers_only() -> None:
    own = {NAME, *sys.stdlib_module_names}
    seen = {(file.room, name.split(".")[0]) for file, name in IMPORTS if file.room in PLAIN}
    assert {(room, name) for room, name in seen if name not in own | PLAIN[room]} == NOT_PLAIN


def test_what_a_function_does_can_be_seen_at_once() -> None:
    assert {piece.where for piece in HOUSE.functions() if piece.size > LIMITS["body"]} == set()


def test_a_class_is_no_longer_than_a_few_screens() -> None:
    assert {piece.where for piece in HOUSE.classes() if piece.size > LIMITS["class"]} == set()


def test_a_file_can_be_read_in_a_sitting() -> None:
    assert {piece.where for piece in HOUSE.lengths() if piece.size > LIMITS["file"]} == set()


def test_what_nobody_outside_calls_takes_few_arguments() -> None:
    assert {piece.where for piece in HOUSE.arguments() if piece.size > LIMITS["arguments"]} == set()


def test_names_of_locals_say_what_they_are() -> None:
    assert HOUSE.wordless() == {}, f"names that say nothing: {sorted(house.WORDLESS)}"


def laid(root: Path, files: dict[str, str]) -> House:
    """A house of a few files, given by their place below the package."""
    for where, text in {"__init__.py": "", **files}.items():
        path = root / NAME / where
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return House(root)


def test_no_import_is_overlooked(tmp_path: Path) -> None:
    text = (
        "from probewidgets import sweep, files\nimport torch.nn\ndef f():\n    class C:\n"
        "        def g(self):\n            from probewidgets.live import x\nif TYPE_CHECKING:\n    import numpy\n"
    )
    (file,) = (file for file in laid(tmp_path, {"data/some.py": text}).files if file.room == "data")
    homes = {"sweep": "probewidgets.sweeps.sweep"}
    seen = {"probewidgets.sweeps.sweep", "probewidgets.files", "torch.nn", "probewidgets.live", "probewidgets.live.x"}
    assert set(file.imports(homes)) == seen
    assert set(file.imports(homes, for_types=True)) == {"numpy"}


def test_arrows_circles_and_papers_are_seen(tmp_path: Path) -> None:
    names = (
        "if TYPE_CHECKING:\n    from probewidgets.probes.linear import Linear\n    from probewidgets import figures\n"
    )
    seen = laid(
        tmp_path,
        {
            "__init__.py": names,
            "data/corpus.py": "def f():\n    from probewidgets.probes import linear\n",
            "probes/linear.py": "from probewidgets.data.corpus import f\nfrom probewidgets import Linear\n",
            "methods/trees/probe.py": "from probewidgets import Linear\nimport probewidgets.methods.heads.probe\n",
            "methods/heads/probe.py": "if TYPE_CHECKING:\n    from probewidgets.widgets.kit import y\n",
            "widgets/kit.py": "y = 1\n",
        },
    )
    assert seen.arrows() == {("data", "probes"), ("probes", "data"), ("methods", "probes")}
    assert seen.arrows(for_types=True) == {("methods", "widgets")}
    assert seen.up() == {("data", "probes")}
    assert seen.across() == {("methods/trees/probe.py", "methods/heads/probe.py")}
    assert seen.circles() == [{"data/corpus.py", "probes/linear.py"}]
    assert seen.suites() == (5, 3 + 1)


def test_lengths_arguments_and_names_are_counted(tmp_path: Path) -> None:
    long = '    """Not counted.\n\n    Nor this.\n    """\n' + "    one = 1\n" * 3
    arguments = ", ".join("abcdefgh")
    text = f"def public({arguments}):\n{long}\n\nclass Open:\n    def ask(self, {arguments}): ...\n"
    text += f"    def _own(self, {arguments}, *one, other=1): ...\n\n\n"
    text += f"def inner({arguments}):\n    return [one for one in a]\none = 1\n"
    seen = laid(
        tmp_path,
        {
            "__init__.py": "from probewidgets import figures\nfrom probewidgets.data.corpus import public\n",
            "figures/__init__.py": "from probewidgets.data.corpus import Open\n",
            "data/corpus.py": text,
            "data/lexicon/nouns.py": "\n" * 900,
        },
    )
    assert seen.functions()[0] == house.Piece("data/corpus.py:public", 3)
    assert seen.classes() == [house.Piece("data/corpus.py:Open", 3)]
    assert seen.lengths()[0] == house.Piece("data/corpus.py", text.count("\n"))
    many = {piece.where: piece.size for piece in seen.arguments() if piece.size > 7}
    assert many == {"data/corpus.py:Open._own": 10, "data/corpus.py:inner": 8}
    assert seen.wordless() == {"data/corpus.py": 3 + 1 + 1}


def test_anyone_can_ask_for_the_measures() -> None:
    command = [sys.executable, "tests/house.py"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert re.match(rf"{len(HOUSE.rooms)} rooms at the top, {len(HOUSE.arrows())} arrows between them", told)


@pytest.mark.parametrize("layer", ["data", "metrics", "values", "errors", "look", "widgets", "figures"])
def test_what_shows_results_works_without_torch(layer: str) -> None:
    names = [file.module for file in HOUSE.files if file.room == layer]
    code = f"import sys; {'; '.join(f'import {n}' for n in names)}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_importing_the_package_imports_nothing_heavy() -> None:
    code = "import sys, probewidgets; print(*sorted({m.split('.')[0] for m in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert not {"torch", "transformers", "numpy", "sklearn", "matplotlib", "anywidget"} & set(loaded.split())


def test_every_public_name_loads_and_can_be_completed() -> None:
    for name in pw.__all__:
        assert getattr(pw, name) is not None
        assert name in dir(pw)
    with pytest.raises(AttributeError, match="no attribute 'nothing_like_this'"):
        _ = pw.nothing_like_this


def test_no_public_name_is_hidden_by_a_module_once_that_is_imported() -> None:
    modules = {path.stem for path in PACKAGE.iterdir()}
    assert all(pw._HOMES[name] == (PACKAGE.name, name) for name in modules & set(pw._HOMES))


def test_every_public_name_says_what_it_is() -> None:
    for name in pw.__all__:
        thing = getattr(pw, name)
        if callable(thing):
            assert (thing.__doc__ or "").strip(), name
            assert "(" not in thing.__doc__.split("\n")[0] or not thing.__doc__.startswith(f"{name}("), name


GIVEN = {
    "Activations", "Sweep",
}  # fmt: skip
"""Public dataclasses that functions of the package give; every other one a person makes."""


def test_every_argument_of_what_a_person_makes_is_explained() -> None:
    for name in set(pw._HOMES) - GIVEN:
        thing = getattr(pw, name)
        if isinstance(thing, type) and dataclasses.is_dataclass(thing):
            _, _, section = (inspect.getdoc(thing) or "").partition("\nArgs:\n")
            explained = re.findall(r"^ {4}(\w+): \S", section.split("\n\n")[0], re.MULTILINE)
            assert explained == list(inspect.signature(thing).parameters), name


FORBIDDEN = {
    "*.py": (
        r"import pickle|pickle\.(load|dump)|trust_remote_code\s*=\s*True|import.*pyplot|^\s*print\(|"
        r"except( Exception| BaseException)?:\s*pass\b"
    ),
    "*.js": r"innerHTML|insertAdjacentHTML|outerHTML|document\.write|https?://(?!www\.w3\.org/)|\bfetch\(|\beval\(|import\(",
    "*.css": r"https?://|@import|url\(",
}


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_nothing_unsafe_is_in_the_sources(pattern: str) -> None:
    for path in PACKAGE.rglob(pattern):
        if path == PACKAGE / "cli" / "__init__.py":  # a command line prints
            continue
        found = re.search(FORBIDDEN[pattern], path.read_text(encoding="utf-8"), re.MULTILINE)
        assert found is None, f"{path.relative_to(ROOT)}: {found and found.group(0)!r}"


def test_the_wheel_carries_every_page_file(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    inside = set(zipfile.ZipFile(wheel).namelist())
    for path in PACKAGE.rglob("*"):
        if path.suffix in (".js", ".css", ".py") or path.name == "py.typed":
            assert str(path.relative_to(ROOT)) in inside
    assert not [name for name in inside if name.startswith(("tests/", "notebooks/"))]
