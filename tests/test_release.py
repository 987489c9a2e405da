"""What is released: a wheel that runs where there is nothing else, and versions that agree."""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

import probewidgets as pw
from tests.test_house import PACKAGE

ROOT = Path(__file__).parents[1]
METADATA = (ROOT / "pyproject.toml").read_text(encoding="utf-8")

RUN = """
import sys
from pathlib import Path

import probewidgets as pw

assert Path(pw.__file__).is_relative_to(Path.cwd()), pw.__file__
corpus, model = pw.corpora.english(60), pw.LanguageModel()
acts = pw.capture(model, corpus, pw.WordTask("upos"), layers=[1], store=False)
predictions = pw.predictor(model, pw.sweep(acts))("the cat sleeps")
print(len(predictions), [unit.text for unit in predictions])

from probewidgets.cli import main, opening
print(*opening.copied(sorted(opening._SHIPPED[0].glob("*.ipynb")), Path("mine")))
sys.exit(main(["doctor"]))
"""
"""A predictor of the embedded model, the notebooks, and `probewidgets doctor`, in an environment of their own."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `python -m build` writes an sdist into, and from that the wheel; nothing is fetched for it."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), "."]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return folder


def inside(built: Path) -> set[str]:
    (wheel,) = built.glob("*.whl")
    return set(zipfile.ZipFile(wheel).namelist())


def test_the_wheel_carries_pages_notebooks_types_and_settings(built: Path) -> None:
    names = inside(built)
    notebooks = {f"probewidgets/notebooks/{path.name}" for path in (ROOT / "notebooks").glob("*.ipynb")}
    kinds = (".js", ".css", ".py", ".pyi", ".typed", ".json")
    files = {str(path.relative_to(ROOT)) for path in PACKAGE.rglob("*") if path.suffix in kinds}
    assert len(notebooks) >= 8 and "probewidgets/py.typed" in files and "probewidgets/__init__.pyi" in files
    assert notebooks | files <= names
    assert {name.split("/")[0] for name in names} == {"probewidgets", f"probewidgets-{pw.__version__}.dist-info"}


def test_the_sdist_carries_what_builds_and_tests_it(built: Path) -> None:
    (path,) = built.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames()}
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    left_out = {name for name in listed if name and name not in names}
    assert {name.split("/")[0] for name in left_out} <= {".github", ".gitignore", ".pre-commit-config.yaml"}


def test_what_is_installed_from_the_wheel_runs_from_there(built: Path, tmp_path: Path) -> None:
    """It sees the packages that it depends on, but neither this clone nor its installation."""
    venv.create(tmp_path / "env", symlinks=True, with_pip=False)
    (site,) = (tmp_path / "env").glob("[Ll]ib/**/site-packages")
    shared = sysconfig.get_path("purelib")
    (site / "shared.pth").write_text(f"import sys; sys.path.append({shared!r})\n", encoding="utf-8")
    (wheel,) = built.glob("*.whl")
    target = ["--no-deps", "--no-compile", "--no-index", "--quiet", "--target", str(site), str(wheel)]
    subprocess.run([sys.executable, "-m", "pip", "install", *target], check=True, capture_output=True)
    (python,) = (tmp_path / "env").glob("bin/python")

    names = {"HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1", "HOME": str(tmp_path)}
    names["JUPYTER_PATH"] = str(Path(sysconfig.get_path("data"), "share", "jupyter"))

    command = [python, *(["-P"] if sys.version_info >= (3, 11) else []), "-c", RUN]
    answer = subprocess.run(command, cwd=tmp_path, env=names, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    units, copied, *told = answer.stdout.splitlines()
    assert units == "3 ['the', 'cat', 'sleeps']"
    assert copied.startswith("Copied to mine: 01_quickstart.ipynb, ")
    assert len(list((tmp_path / "mine").iterdir())) == len(list((ROOT / "notebooks").glob("*.ipynb")))
    assert f"✓ probewidgets {pw.__version__}" in told and any(line.startswith("✓ kernel python3") for line in told)


def test_versions_agree() -> None:
    (metadata,) = re.findall(r'^version = "(.+)"$', METADATA, re.MULTILINE)
    (citation,) = re.findall(r"^version: (.+)$", (ROOT / "CITATION.cff").read_text("utf-8"), re.MULTILINE)
    (date,) = re.findall(r"^date-released: (.+)$", (ROOT / "CITATION.cff").read_text("utf-8"), re.MULTILINE)
    entries = re.findall(r"^## \[(\d.+?)\] - (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert pw.__version__ == metadata == citation
    assert entries[0] == (citation, date)


def test_the_repository_is_named_once() -> None:
    (repository,) = re.findall(r'^repository = "(.*)"$', METADATA, re.MULTILINE)
    cited = re.findall(r"^repository-code: (.+)$", (ROOT / "CITATION.cff").read_text("utf-8"), re.MULTILINE)
    assert cited == ([repository] if repository else [])


def test_the_readme_names_the_torch_that_the_constraints_take() -> None:
    """Else what was installed without CUDA is installed once more, with it."""
    named = re.findall(r"pip install (torch==\S+) --index-url", (ROOT / "README.md").read_text("utf-8"))
    assert named == re.findall(r"^torch==\S+$", (ROOT / "constraints.txt").read_text("utf-8"), re.MULTILINE)


def test_the_oldest_versions_are_those_of_the_metadata() -> None:
    command = [sys.executable, ".ci/lower.py"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert told == (ROOT / "oldest.txt").read_text("utf-8"), "python .ci/lower.py > oldest.txt"


def test_what_the_workflows_call_is_in_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    calls = {
        target
        for path in (ROOT / ".github" / "workflows").glob("*.yml")
        for target in re.findall(r"^ +- run: make (\w+)$", path.read_text("utf-8"), re.MULTILINE)
    }
    assert {"check", "unit", "browser", "oldest"} <= calls
    assert [target for target in calls - {"docs"} if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []
