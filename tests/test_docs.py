"""The Python of README and manual runs as it stands: blocks one after the other, and the page of each method.

Only what would need a hub, or files that a reader has, is small and made here.
"""

from __future__ import annotations

import ast
import asyncio
import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tiny
import transformers as hf

import probewidgets as pw
from probewidgets.data.corpus import Corpus, Example, Split
from tests.captures.test_capture import words_of

ROOT = Path(__file__).parents[1]
PAGES = ("README.md", "docs/capture.md", "docs/methods.md", "docs/data.md", "docs/numbers.md", "docs/models.md")
README, CAPTURE, METHODS, DATA, NUMBERS, MODELS = ((ROOT / name).read_text(encoding="utf-8") for name in PAGES)
ERRORS = (ROOT / "docs/errors.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README + CAPTURE + MODELS, re.S)

Named = dict[str, Any]


def typed(code: str, names: Named) -> list[Any]:
    """Run code as a notebook would; what its expressions give."""
    shown = []
    for node in ast.parse(code).body:
        if isinstance(node, ast.Expr):
            shown.append(eval(compile(ast.Expression(node.value), "manual", "eval"), names))
        else:
            exec(compile(ast.Module([node], []), "manual", "exec"), names)
    return shown


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def shown() -> Iterator[list[Any]]:
    """What was shown; widgets are closed in the end."""
    values: list[Any] = []
    yield values
    for value in values:
        if hasattr(value, "close"):
            value.close()


def decoder(n_layer: int) -> Any:
    """A GPT-2 of random weights, with its head."""
    config = hf.GPT2Config(n_layer=n_layer, n_embd=32, n_head=4, n_positions=512, vocab_size=tiny.ROWS)
    return hf.GPT2LMHeadModel(config).eval()


def hub(models: dict[str, tuple[Any, Any]]) -> Callable[..., pw.LanguageModel]:
    """`LanguageModel`, to which the names of some models are known."""
    real = pw.LanguageModel
    return lambda *given, **options: real(*models.get(given[0], given) if given else (), **options)


def conllu(corpus: Corpus, path: str) -> None:
    """Write the words, tags and trees of a corpus."""
    lines = []
    for example in corpus:
        columns = zip(example.forms, *(example.annotations[name] for name in ("upos", "head", "deprel")), strict=True)
        for number, (form, upos, head, deprel) in enumerate(columns, 1):
            lines.append(f"{number}\t{form}\t_\t{upos}\t_\t_\t{head}\t{deprel}\t_\t_\n")
        lines.append("\n")
    Path(path).write_text("".join(lines), encoding="utf-8")


def test_the_blocks_run_and_read_back_what_was_captured(shown: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    small = pw.corpora.english(60)
    monkeypatch.setattr("probewidgets.data.corpora.grammar.english", lambda n: small)
    words = tiny.tokenizer("byte-bpe")
    monkeypatch.setattr(pw, "LanguageModel", hub({"gpt2": (decoder(12), words), "distilgpt2": (decoder(6), words)}))
    for seed, side in enumerate(("train", "dev", "test")):
        conllu(pw.corpora.english(40, seed), f"en_ewt-ud-{side}.conllu")
    names: Named = {}
    for block in BLOCKS:
        shown += typed(block, names)
    kinds = [type(value).__name__ for value in shown]
    assert kinds == ["ProbeExplorer", "DataFrame", "LayerCurve", "ProbeExplorer", "dict"] and len(BLOCKS) == 5
    assert shown[-1] == dict.fromkeys(range(1, 7), "it adds up, before 'LayerNorm'")
    assert names["acts"].layers == (2, 4, 6) and list(shown[1]["layer"]) == list(range(7))
    np.testing.assert_array_equal(names["X"].astype(np.float32), names["acts"].layer(6))


def written() -> None:
    """The files that the table reads."""
    sides, pairs = ("tr",) * 14 + ("va",) * 3 + ("te",) * 3, range(20)
    verbs = ("walk", "play", "look", "call")
    lines = [
        f"{side}\tPAST\tShe {verbs[i % 4]}ed {i} .\n{side}\tPRES\tShe {verbs[i % 4]}s {i} .\n"
        for i, side in zip(pairs, sides, strict=True)
    ]
    Path("past_present.txt").write_text("".join(lines))
    edges = [
        {
            "text": f"She ate {i} apples",
            "targets": [{"span1": [1, 2], "span2": [3 * (i % 2), 3 * (i % 2) + 1], "label": ["who", "what"][i % 2]}],
        }
        for i in range(60)
    ]
    Path("dpr.jsonl").write_text("".join(json.dumps(edge) + "\n" for edge in edges))
    Path("pairs.csv").write_text("positive,negative\n" + "".join(f"{i} is {i},{i} is {i + 1}\n" for i in range(40)))


def test_the_page_of_data_reads_what_it_writes() -> None:
    names: Named = {"pw": pw}
    for block in re.findall(r"```python\n(.*?)```", DATA, re.S):
        typed(block, names)
    assert [target.surface for target in names["targets"]] == ["Ana", "Bo"]
    assert " ".join(names["tagged"].names) == "DET NOUN VERB DET NOUN VERB DET NOUN VERB PRON"
    assert len(names["entities"]) == 12 and names["entities"][0].surface == "Ana0 Lund"


def lengths(corpus: Corpus) -> Corpus:
    """Of 5 to 70 words each, in their order."""
    forms = [form for example in corpus for form in example.forms]
    texts = [" ".join(forms[7 * i : 7 * i + 5 + i % 66]) for i in range(330)]
    return Corpus(tuple(Example(text, words_of(text)) for text in texts), Split.seeded(texts), "lengths")


@pytest.fixture(scope="module")
def common() -> Named:
    """What the table takes for granted."""
    corpus, task = pw.corpora.english(240), pw.WordTask("upos")
    model = pw.LanguageModel(decoder(1), tiny.tokenizer("byte-bpe"))
    acts = pw.capture(model, corpus, task, store=False)
    return {"pw": pw, "corpus": corpus, "task": task, "model": model, "acts": acts}


def test_the_page_of_teaching_paints_keeps_and_captures(shown: list[Any]) -> None:
    names: Named = {}
    for block in re.findall(r"```python\n(.*?)```", (ROOT / "docs/teaching.md").read_text("utf-8"), re.S):
        shown += typed(block, names)
    shown += [names["again"]]
    assert Path("lesson.jsonl").is_file()
    assert names["acts"].targets.labels == ("O", "food", "location")
    assert names["acts"].targets.surface == ("bread", "Lisbon", "harbour", "The", "ate")


def test_the_page_of_training_trains_as_the_button_does(shown: list[Any], tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    (block,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs/training.md").read_text("utf-8"), re.S)
    names: Named = {}
    code = compile(block, "training.md", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    with ThreadPoolExecutor(
        1
    ) as pool:  # as a notebook does it, where a cell may await; a browser's driver has our loop
        pool.submit(lambda: asyncio.run(eval(code, names))).result()
    trainer = names["trainer"]
    shown += [trainer, trainer.explorer, trainer.errors]
    assert (trainer.phase, trainer.sweep.layers) == ("done", (0, 2))
    assert pw.Sweep.load("sweep.safetensors").layers == (0, 2)


def test_the_page_of_numbers_shows_them_and_sets_of_labels_live(common: Named, shown: list[Any]) -> None:
    for block in re.findall(r"```python\n(.*?)```", NUMBERS, re.S):
        shown += typed(block, dict(common))
    assert [(widget.predictions.kind, widget.error, widget.label) for widget in shown] == [
        ("number", "", None), ("labels", "", "short"),
    ]  # fmt: skip


def test_the_page_of_the_explorer_drives_one(common: Named, shown: list[Any], capsys: Any) -> None:
    names = dict(common) | {"np": np}
    page = (ROOT / "docs/explorer.md").read_text(encoding="utf-8")
    for block in re.findall(r"```python\n(.*?)```", page, re.S):
        shown += typed(block, names)
    explorer, by_hand = names["explorer"], shown[-1]
    assert (explorer.text, explorer.layers, explorer.colour) == ("Fish swim.", (0, 1), "entropy")
    assert "Predictions" in capsys.readouterr().out
    assert by_hand.predictions.answers(0) == ("long", "long", "long")


@pytest.mark.parametrize("name", ["strip", "heatmap", "curve"])
def test_the_page_of_a_part_shows_it(name: str, common: Named, shown: list[Any]) -> None:
    names = dict(common)
    for block in re.findall(r"```python\n(.*?)```", (ROOT / f"docs/{name}.md").read_text("utf-8"), re.S):
        shown += typed(block, names)
    assert shown[0] is names[name] and isinstance(shown[0], (pw.TokenStrip, pw.LayerHeatmap, pw.LayerCurve))


def test_the_page_of_errors_lists_them_and_opens_them_in_an_explorer(common: Named, shown: list[Any]) -> None:
    names = dict(common)
    for block in re.findall(r"```python\n(.*?)```", ERRORS, re.S):
        shown += typed(block, names)
    errors = names["errors"]
    assert (errors.cell, errors.slice[0], errors.layer, errors.selected) == (("NOUN", "VERB"), "seen", 0, 3)
    assert errors.explorer is names["explorer"]
    assert names["explorer"].text == errors.to_frame()["sentence"][3]
    listed = names["numbers"].to_frame(shown=True)
    assert len(listed) == names["bins"].iloc[0].sum() > 0
    assert listed["residual"].is_monotonic_increasing
    shown.append(names["explorer"])


METHOD_PAGES = {path.stem: path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs/methods").glob("*.md"))}
SECTIONS = ["How to read it", "How it misleads", "Published, and ours", "Source"]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """What pages ask for, small: corpora of 240 sentences, models of one block, one epoch."""
    corpus, sums = pw.corpora.english(240), pw.corpora.arithmetic(60, n_test=60)
    monkeypatch.setattr(pw.corpora, "english", lambda n=240, seed=0: corpus)
    monkeypatch.setattr(pw.corpora, "arithmetic", lambda: sums)
    monkeypatch.setattr(pw, "train_gru", partial(pw.train_gru, epochs=1))
    words, real = tiny.tokenizer("byte-bpe"), pw.LanguageModel
    translates = tiny.model("marian")

    def model(name: str = "", **options: Any) -> pw.LanguageModel:
        return real(*translates, **options) if "opus-mt" in name else real(decoder(1), words, **options)

    monkeypatch.setattr(pw, "LanguageModel", model)
    written()


@pytest.mark.parametrize("name", METHOD_PAGES)
def test_what_the_page_of_a_method_says_to_type_runs(name: str, small: None, shown: list[Any]) -> None:
    if name in ("length-content-order", "translation"):
        corpus = pw.corpora.english()
        few = [example for example in corpus if len(example.words) <= 9]  # what a small Marian takes
        sentences = (
            lengths(corpus) if name != "translation" else Corpus(few, Split.seeded([e.text for e in few]), "few")
        )
        pw.corpora.english = lambda n=240, seed=0: sentences  # `small` puts the real one back
    blocks = re.findall(r"```python\n(.*?)```", METHOD_PAGES[name], re.S)
    assert len(blocks) == 1 and len([line for line in blocks[0].splitlines() if line]) <= 13
    shown += typed(blocks[0], {})
    assert shown and all(len(value) if hasattr(value, "__len__") else value is not None for value in shown)


def test_every_method_has_a_page_and_every_page_the_same_sections() -> None:
    assert (
        sorted(re.findall(r"\]\(methods/([\w-]+)\.md\)", METHODS)) == sorted(METHOD_PAGES) and len(METHOD_PAGES) == 17
    )
    for page in METHOD_PAGES.values():
        assert re.findall(r"^## (.*)$", page, re.M) == SECTIONS


def test_the_numbers_of_large_captures_follow_from_what_they_are_of() -> None:
    text = (ROOT / "docs/large.md").read_text("utf-8")
    tokens, layers, width = 200e6, 33, 4096
    assert "200 million tokens and a model of 7 B parameters (33 layers x 4096)" in text
    rows = re.findall(r"^\| (.*?(\d+) layers, float(\d\d)) \| ([\d.]+) TB \|$", text, re.M)
    for what, some, precision, said in rows:
        share = 1 / 5 if "one word in five" in what else 1
        assert float(said) == pytest.approx(share * tokens * int(some) * width * int(precision) / 8 / 1e12, rel=0.01)
    assert len(rows) == 4 and int(rows[0][1]) == layers
    one, eight = re.findall(r"take ([\d.]+) hours on one, and (\d+) minutes on eight", text.replace("\n", " "))[0]
    assert float(one) == pytest.approx(tokens / 10_000 / 3600, rel=0.01)
    assert float(eight) == pytest.approx(tokens / 10_000 / 60 / 8, rel=0.01)


def test_every_page_of_the_manual_is_listed_and_every_link_leads_somewhere() -> None:
    pages = {path.name for path in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert pages == set(re.findall(r"^\| \[\w+\.md\]\((\w+\.md)\)", (ROOT / "docs/README.md").read_text("utf-8"), re.M))
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for link in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text("utf-8")):
            assert (path.parent / link).exists(), f"{path.name} links to {link}"


def test_the_readme_is_read_in_two_minutes() -> None:
    words = re.sub(r"```.*?```", "", README, flags=re.S).split()
    assert len(words) <= 620
