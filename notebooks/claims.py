"""What the text of a notebook says of its results, and how that is seen in them when it has run.

Of each notebook: a sentence that stands in it, and an expression over its variables that is true where the sentence is.
`build.py` evaluates them in the kernel, after the last cell; one that is false fails the build. What is written here as
a bound is what the sentence means, with room for another processor's rounding.
"""

from __future__ import annotations

__all__ = ["CLAIMS"]

CLAIMS: dict[str, dict[str, str]] = {
    "03_sentence_encoders.ipynb": {
        # Run shorter, as a test does, it has learned too little for what is guarded by a size.
        "**Length** answers its own question": "score('sentence_length', 'length').value > 0.8",
        "It tells the words of a sentence better than the encoder does": "len(more) < 1000 or (score('word_content', "
        "'bag').value > score('word_content', 'encoder').value)",
        "and tense and number, well above a coin": "len(more) < 1000 or (np.mean([score(name, 'bag').value for name "
        "in ('past_present', 'subject_number', 'object_number')]) > 0.53)",
        "*is* the bag of the sentence, number by number": "np.allclose(bag(pw.Example('the dog bit the man', ())), "
        "bag(pw.Example('the man bit the dog', ())), atol=1e-6)",
        "It tells the length better than the encoder": "len(more) < 1000 or (score('sentence_length', "
        "'untrained').value > score('sentence_length', 'encoder').value)",
        "is hard for all": "len(more) < 1000 or (max(score('odd_man_out', kind).low for kind in KINDS) < 0.6)",
        "is shorter than that of a few": "np.corrcoef(norms, n_words)[0, 1] < -0.3",
        "Nothing has become better but the number": "len(more) < 1000 or leaked.value > honest.value + 0.05",
        "a probe tells swapped words from unswapped ones": "len(more) < 1000 or shift.score(3).accuracy.low > 0.56",
        "and hardly in the last one": "len(more) < 1000 or shift.score(6).accuracy.value < "
        "shift.score(3).accuracy.value - 0.08",
        "The words themselves fade from layer to layer": "len(more) < 1000 or (grid[1, 6] < grid[1, 3] < grid[1, 0])",
        "the tense is clearest in the middle": "len(more) < 1000 or grid[5, 1:6].max() > grid[5, [0, 6]].max()",
        "The largest value tells the length better than the mean": "len(more) < 1000 or pooled['sentence_length', "
        "'max'].value > pooled['sentence_length', 'mean'].value + 0.05",
        "The swap of two words none of them tells": "len(more) < 1000 or (max(pooled['bigram_shift', name].low for "
        "name in pools) < 0.55)",
        "The bag knows which words are in it": "len(more) < 1000 or (content['with the bag'].value > content['words "
        "alone'].value)",
        "a probe of order is above the coin": "len(more) < 1000 or order['with the sentence'].value > 0.52",
        "learned nothing of the\nsentence": "len(more) < 1000 or order['with the sentence'].value < order['words "
        "alone'].value + 0.1",
    },
    "06_how_big_should_a_probe_be.ipynb": {
        # Run shorter, as a test does, it has learned too little for what is guarded by a size.
        "what a larger probe gains on the task is little": "len(corpus) < 500 or (mlp['accuracy'].iloc[-1] - "
        "mlp['accuracy'].iloc[1] < 0.5 * (mlp['control'].iloc[-1] - mlp['control'].iloc[1]))",
        "what it can learn by heart is more and more": "len(corpus) < 500 or (mlp['control'].iloc[0] < "
        "mlp['control'].iloc[1] < mlp['control'].iloc[-1])",
        "it is not the largest where the probe is largest, nor where it is smallest": "len(corpus) < 500 or "
        "(table['selectivity'].idxmax() not in ('MLP 512', 'rank 2'))",
        "the ordinary linear one is as good": "len(corpus) < 500 or (table.loc['linear', 'accuracy'] > "
        "table.loc['MLP 512', 'accuracy'] - 0.02)",
        "Dropout changes next to nothing": "len(corpus) < 500 or (abs(smaller['dropout 0.8'].selectivity.value - "
        "smaller['as it is'].selectivity.value) < 0.06)",
        "so do fewer sentences; both cost accuracy": "len(corpus) < 500 or (all(smaller[way].control.value < "
        "smaller['as it is'].control.value and smaller[way].accuracy.value < smaller['as it is'].accuracy.value "
        "for way in ('l2 = 0.1', '50 sentences')))",
        "has learned the shuffled labels of train to the last word": "len(corpus) < 500 or (table.loc['MLP 512', "
        "'memory'] > 0.97)",
        "Now the largest probe looks more selective than any": "len(corpus) < 500 or (accuracy - broken > "
        "table['selectivity'].max())",
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
}
