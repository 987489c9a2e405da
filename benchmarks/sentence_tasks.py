"""Sentence tasks on text of one's own: which layer of the embedded model tells what of a sentence.

    python benchmarks/sentence_tasks.py [FOLDER] [--sentences 5000]

FOLDER holds train.conllu, dev.conllu and test.conllu, whose sentences are pooled; without it they are generated, with
trees too. Test accuracy by layer of a linear probe on the mean of each sentence's tokens, its penalty chosen on dev.
Shape to expect: surface at the bottom, syntax in the middle, nothing of word order in the embeddings.

Then two questions about words, which an MLP is asked: is this word in the sentence, and which of these two comes first?
Beside them the same of sentences whose words were put in random order, and of the words alone.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import probewidgets as pw
from probewidgets.errors import DataError

TASKS = tuple(
    getattr(pw.questions, name)
    for name in (
        "sentence_length",
        "word_content",
        "tree_depth",
        "top_constituents",
        "bigram_shift",
        "past_present",
        "subject_number",
        "object_number",
        "odd_man_out",
        "coordination_inversion",
    )
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, help="where train.conllu, dev.conllu and test.conllu are")
    parser.add_argument("--sentences", type=int, default=5000, help="how many are generated")
    options = parser.parse_args()
    if options.folder:
        corpus = pw.read_conllu(*(options.folder / f"{side}.conllu" for side in ("train", "dev", "test")))
    else:
        corpus = pw.corpora.english(options.sentences)
    model = pw.LanguageModel()
    print(f"{corpus}\n{'task':24s}  train   test   K  majority  layers 0 to {model.n_layers - 1}")
    for build in TASKS:
        try:
            built = build(corpus)
        except DataError as error:
            print(f"{build.__name__:24s}  {error}")
            continue
        acts = pw.capture(model, built, pw.SentenceTask(build.__name__), store=False)
        sweep = pw.sweep(acts, pw.LinearProbe(), progress=False)
        sizes = f"{sweep.counts['train'][0]:6,} {sweep.counts['test'][0]:6,} {len(sweep.labels):3d}"
        scores = " ".join(f"{score.accuracy.value:.3f}" for score in sweep.scores)
        print(f"{build.__name__:24s} {sizes}     {sweep.baseline('majority').value:.3f}  {scores}", flush=True)
    some = corpus.examples[:1500]
    about_words(model, replace(corpus, examples=some, split=pw.Split.seeded([example.text for example in some])))


def about_words(model: pw.LanguageModel, corpus: pw.Corpus, layers: tuple[int, ...] = (0, 3, 6)) -> None:
    """Content and order, of 1,500 sentences, of the same in random order, and without the sentence."""
    whole = pw.SentenceTask(lambda example: "any", name="sentence")
    read = {
        name: pw.capture(model, one, whole, layers=layers, store=False)
        for name, one in (("sentence", corpus), ("words in random order", pw.questions.permuted(corpus)))
    }
    for ask in (pw.questions.content_pairs, pw.questions.order_pairs):
        words = pw.word_embeddings(model, ask(corpus))
        for name, sentences in read.items():
            print(f"{ask.__name__:24s} {name:24s} {accuracies(sentences.beside(words))}", flush=True)
        print(f"{ask.__name__:24s} {'words only':24s} {accuracies(words)}", flush=True)


def accuracies(acts: pw.Activations) -> str:
    sweep = pw.sweep(acts, pw.MLPProbe(), progress=False)
    return " ".join(f"{score.accuracy.value:.3f}" for score in sweep.scores)


if __name__ == "__main__":
    main()
