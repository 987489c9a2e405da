"""What the text of a notebook says of its results, and how that is seen in them when it has run.

Of each notebook: a sentence that stands in it, and an expression over its variables that is true where the sentence is.
`build.py` evaluates them in the kernel, after the last cell; one that is false fails the build. What is written here as
a bound is what the sentence means, with room for another processor's rounding.
"""

from __future__ import annotations

__all__ = ["CLAIMS"]

CLAIMS: dict[str, dict[str, str]] = {
    "01_quickstart.ipynb": {
        "tells two uses of one word apart at some layers, and not at layer 0": "apart and 0 not in apart",
        "has the same numbers, whatever its sentence": "heard.label(0)[first] == heard.label(0)[second]",
        "the same words in another order": "sorted(w.text for w in both if w.line) "
        "== sorted(w.text for w in both if not w.line)",
        "though not each the one that it had": "(lambda says: {s for n, s in says if n} "
        "!= {s for n, s in says if not n})"
        "([(w.line, w.text + label) for w, label in zip(both, both.label(sweep.best.layer))])",
    },
    "04_how_a_probe_is_trained.ipynb": {
        "blue and red are mixed in every\ncolumn": "((X[train, :60] > 0).any(0) & (X[train, :60] < 0).any(0)).all()",
        "The curves part": "losses[-1, 1] > 1.5 * losses[-1, 0]",
        "a word that stands in two sentences of test with two labels": "len({*y[two_readings()]}) == 2",
        "whose loss is lowest without any": "table[:, 0].argmin() == len(penalties) - 1",
        "Train falls and falls; dev and test turn": "(np.diff(table[:, 0]) < 0).all() "
        "and (table[-1, 1:] > 1.2 * table[:, 1:].min(0)).all()",
        "is near the best for test too": "table[chosen, 2] < 1.15 * table[:, 2].min()",
        "It is still better than the commonest label": "majority + 0.1 < moved < ours - 0.1",
        "since a list of words gets far too": "trainer.sweep.table()['word_type'].iloc[0] > 0.5",
    },
    "05_words_spans_edges_trees.ipynb": {
        "Swapped words cannot be seen at layer 0": "(lambda s: s.table().loc[0, 'accuracy'] "
        "< s.baseline('majority').value + 0.1)(sentences['swapped words'])",
        "the control stays low": "phrases.table()['control'].max() < phrases.best.accuracy.value - 0.15",
        "Still, layer 0 does well": "phrases.table().loc[0, 'accuracy'] > phrases.baseline('majority').value + 0.2",
        "what it needs is spread over all of them": "edges.mix.max() < 0.6",
        "At layer 0 the first word knows next to nothing": "first_word.table().loc[0, 'accuracy'] "
        "< sentences[name].table()['accuracy'].max() - 0.15",
        "attention has carried": "first_word.table()['accuracy'].max() > first_word.table().loc[0, 'accuracy'] + 0.05",
        "trees at layer 3 somewhat better than a chain": "structure.table().loc[3, 'uuas'] "
        "> structure.table()['chain'].iloc[0] - 0.05",
        "would look like a success at layer 3": "attached.table().loc[3, 'uas'] > attached.table().loc[3, 'word_type']",
        "a probe of heads remembers words": "attached.table()['control'].max() > attached.best.value.value - 0.1",
    },
    "08_diagnostic_classifiers.ipynb": {  # on fewer lessons, as in the tests, the network learns nothing yet
        "The cumulative sum can be read off the states better": "len(lessons) < 20_000 or readable['cumulative: r'] "
        "> readable['recursive: r'] + 0.05",
        "on lengths that were not learned too": "len(lessons) < 20_000 or trained.loc['L9', 'cumulative: r'] "
        "> trained.loc['L9', 'recursive: r']",
        "the recursive value is there in part": "readable['recursive: r'] > random.loc[usual, 'recursive: r'].mean()",
        "both strategies hold the same number at every step": "(lambda c: all("
        "c[n].annotations['cumulative'] == c[n].annotations['recursive'] for n in c.split.test))"
        "(only_language(questions, 'L9_left'))",
        "the difference would have shrunk": "(lambda r: abs(r['L9_left']) < abs(r['L9']))"
        "(trained['cumulative: r'] - trained['recursive: r'])",
    },
    "11_your_own_model_and_data.ipynb": {
        "the probe does well, and that says little": "on_fresh[best.layer] > 0.7 "
        "and on_fresh[best.layer] > best.accuracy.value + 0.15",
        "Nearly everything is right": "tags.best.accuracy.value > 0.95",
        "gets almost as far": "tags.table()['word_type'].iloc[0] > 0.85",
        "learned as well: the names are so few": "table.loc[tags.best.layer, 'control'] > 0.9",
        "so the traps go wrong": "table['accuracy_ambiguous'].loc[0] < 0.8 < table['accuracy_ambiguous'].loc[1]",
        "Above one half, off states": "truths.best.accuracy.value > 0.55",
        "about one half off random weights": "abs(truths.table()['random'].mean() - 0.5) < 0.15",
        "The last says itself how few sentences": "'sentences only' in repr(painted) and 'only' not in repr(tags)",
        "has learned nothing does nearly as well": "left_to_right.table()['accuracy_ambiguous'].max() > 0.8",
        "A nearly perfect score, on the embeddings already": "starred.table()['accuracy'].min() > 0.9",
        "nothing learned about reviews": "max(without_stars) < 0.75",
        "is not much better than a coin": "best.accuracy.value < 0.75",
    },
    "20_capture_in_depth.ipynb": {
        "tensor per layer. Layer 0 is the embeddings": "encoder.layers == tuple(range(7)) "
        "and len(encoder.states(encoder.encode(['a cat']))) == 7",
        "then called `4 (final norm)`": "decoder.card.layer_name(4) == '4 (final norm)'",
        "it is on another scale than the layers below": "(lambda s: s[4].norm() > 3 * s[3].norm())"
        "(decoder.states(decoder.encode(['The cats sat on the mat.'])))",
        "Half precision takes half the room": "2 * kept.states.nbytes == sum(kept.layer(n).nbytes for n in (2, 3))",
        "`rounding` is the largest relative change": "0 < kept.rounding < 1e-2",
    },
    "21_workbench.ipynb": {
        "Each layer's score appears": "trainer.sweep.layers == tuple(range(7))",
        "Here are the slices that go worst": "(lambda t: t[t['targets'] >= 30]['accuracy'].is_monotonic_increasing)"
        "(errors.slices())",
        "most certain of these, and wrong": "(lambda t: t['confidence'].is_monotonic_decreasing "
        "and (t['gold'] != t['given']).all())(errors.to_frame(shown=True))",
        "are read well from random weights too": "without.table()['accuracy'].max() "
        "> without.baseline('majority').value + 0.2",
        "and it says that they are few": "sum(len(words) for strokes in painted.values() for _, words in strokes) < 30",
    },
}
