"""Run the lines of those pages of methods that no notebook runs, and keep what they show for `mkdocs build`.

    python docs/site/shown.py build/shown

The lines are those of the page. What they ask for is small here, and needs no network: 120 generated sentences and
three layers of the embedded model, for a lens a decoder that is trained here, and comparisons of numbers as pairs.
"""

from __future__ import annotations

import ast
import base64
import os
import random
import re
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

import probewidgets as pw
from notebooks import result_of, shown

ROOT = HERE.parents[1]
OURS = re.compile(r"<!-- ours (?:(\d\d) )?(.+?) -->")
SENTENCES, LAYERS, PAIRS = 120, (0, 3, 6), 60
TRAINED_ON, STEPS = 600, 300
"""Sentences that the decoder learns from, and steps of 32 of them."""
ENGLISH, LANGUAGE_MODEL = pw.corpora.english, pw.LanguageModel
LITTLE = {
    "lenses": f"a decoder of four blocks that was trained for it on {TRAINED_ON} generated sentences",
    "truth": f"layers 0, 3 and 6 of the embedded model, on {PAIRS} comparisons of two numbers",
}
"""Page -> what its lines were run on, where that is not what most are."""


def little(page: str) -> str:
    """What the lines of a page were run on."""
    usual = f"layers 0, 3 and 6 of the embedded model, on {SENTENCES} generated sentences"
    return f"These lines were run when this page was built, on little: {LITTLE.get(page, usual)}."


def notebook_of(number: str | None, code: str) -> tuple[Path, str] | None:
    """The notebook that has run this code, the one of that number first, and what it has stored of it."""
    for path in sorted((ROOT / "notebooks").glob("*.ipynb"), key=lambda path: not path.name.startswith(number or "")):
        if told := result_of(path, code):
            return path, told
    return None


def wanted() -> Iterator[Path]:
    """The pages that show what their own lines give."""
    for page in sorted((ROOT / "docs/methods").glob("*.md")):
        if any(notebook_of(*marker) is None for marker in OURS.findall(page.read_text(encoding="utf-8"))):
            yield page


def outputs(page: Path) -> Iterator[dict[str, Any]]:
    """What the last lines of a page show, as a notebook stores it."""
    (code,) = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.S)
    names: dict[str, Any] = {}
    for node in ast.parse(code).body:
        if not isinstance(node, ast.Expr):
            exec(compile(ast.Module([node], []), page.name, "exec"), names)
            continue
        value = eval(compile(ast.Expression(node.value), page.name, "eval"), names)
        yield {"output_type": "execute_result", "data": data_of(value)}


def data_of(value: Any) -> dict[str, str]:
    """A value as a notebook stores it: a picture, a table or text."""
    if hasattr(value, "savefig"):
        file = BytesIO()
        value.savefig(file, format="png", dpi=110, bbox_inches="tight")
        return {"image/png": base64.b64encode(file.getvalue()).decode(), "text/plain": "What the lines above draw"}
    html = {"text/html": value.round(3).to_html()} if hasattr(value, "to_html") else {}
    return {**html, "text/plain": repr(value)}


def decoder() -> Any:
    """A small language model of the generated English, with its head: a word is a token."""
    import torch
    import transformers as hf
    from tokenizers import Tokenizer, models, pre_tokenizers

    texts = [example.text for example in ENGLISH(TRAINED_ON)]
    cut = pre_tokenizers.Whitespace()
    asked = [example.text for example in ENGLISH(40)]
    words = sorted({word for text in (*texts, *asked) for word, _ in cut.pre_tokenize_str(text)})
    rules = Tokenizer(models.WordLevel({word: i for i, word in enumerate(("<none>", *words))}, unk_token="<none>"))
    rules.pre_tokenizer = cut
    tokenizer = hf.PreTrainedTokenizerFast(tokenizer_object=rules, unk_token="<none>", pad_token="<none>")
    torch.manual_seed(0)
    size = {"n_layer": 4, "n_embd": 64, "n_head": 4, "n_positions": 64, "bos_token_id": 0, "eos_token_id": 0}
    network = hf.GPT2LMHeadModel(hf.GPT2Config(vocab_size=len(words) + 1, **size))
    batch = tokenizer(texts, padding=True, truncation=True, max_length=64, return_tensors="pt")
    adam = torch.optim.AdamW(network.parameters(), lr=3e-3)
    for _ in range(STEPS):
        rows = torch.randint(len(texts), (32,))
        ids, mask = batch["input_ids"][rows], batch["attention_mask"][rows]
        adam.zero_grad()
        network(input_ids=ids, attention_mask=mask, labels=ids.where(mask.bool(), -100)).loss.backward()
        adam.step()
    return LANGUAGE_MODEL(network.eval(), tokenizer, head=True)


def make_small() -> None:
    """Have the lines ask for what is small, and lies here."""
    pw.corpora.english = lambda n=SENTENCES, seed=0: ENGLISH(min(n, SENTENCES), seed)
    pw.capture = partial(pw.capture, layers=LAYERS)
    pw.LanguageModel = lambda name=None, **options: decoder() if name == "gpt2" else LANGUAGE_MODEL(name, **options)
    rng, lines = random.Random(0), ["positive,negative"]
    for _ in range(PAIRS):
        a, b = rng.sample(range(1, 100), 2)
        words = ("larger", "smaller") if a > b else ("smaller", "larger")
        lines.append(",".join(f"{a} is {word} than {b}." for word in words))
    Path("pairs.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Write a page's results into the folder that the command line names, where they are not there already."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "build/shown").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    os.chdir(tempfile.mkdtemp())
    make_small()
    for page in wanted():
        pictures: dict[str, bytes] = {}
        parts = [shown(each, f"{page.stem}-{n}.png", pictures) for n, each in enumerate(outputs(page))]
        for name, data in pictures.items():
            (folder / name).write_bytes(data)
        (folder / page.name).write_text("\n\n".join(parts), encoding="utf-8")
        print(f"{page.stem}: {len(parts)} results", flush=True)


if __name__ == "__main__":
    main()
