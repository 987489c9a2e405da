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
    "02_why_probe_translation_models.ipynb": {
        # Run shorter, as a test does, it has learned nothing of which this could be true.
        "the word alone tells little of it": "of_encoder.loc[('case', 'trained'), 'word type'] < 0.75",
        "It becomes more readable from the embeddings to the blocks": "len(english) < 1000 "
        "or of_encoder.loc[('case', 'trained'), [1, 2, 3]].max() > of_encoder.loc[('case', 'trained'), 0] + 0.05",
        "Through random weights it gets *less* readable with depth": "len(english) < 1000 "
        "or of_encoder.loc[('case', 'random'), 3] < of_encoder.loc[('case', 'random'), 0] - 0.02",
        "layer 0 has it already, of random embeddings too": "len(english) < 1000 "
        "or of_encoder.loc['gender', 0].min() > 0.9",
        "What rises with depth is the *selectivity*": "len(english) < 1000 "
        "or sweep.score(sweep.best.layer).selectivity.value > sweep.score(0).selectivity.value",
        "Off random weights, nothing is left": "len(english) < 1000 or max(scores['random weights']) < commonest",
        "It tells most new nouns'\ngenders": "len(english) < 1000 or min(scores['trained']) > commonest + 0.1",
    },
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
    "07_control_tasks_and_selectivity.ipynb": {
        "two sentences that share a word": "surface[shared[0]] == surface[shared[1]]",
        "The bold word has two parts of speech": "targets.y[shared[0]] != targets.y[shared[1]]",
        "Its control labels are the same in both": "all(of[shared[0]] == of[shared[1]] for of in controls)",
        "far more are right than by always saying the commonest": "(table['control'] > "
        "sweep.baseline('control chance').value + 0.1).all()",
        "It grows with depth": "table['selectivity'].is_monotonic_increasing",
        "of *what it does* it loses less": "np.ptp(table['control']) > np.ptp(table['accuracy']) + 0.05",
        "A list of words gets far": "table['word_type'].iloc[0] > 0.6",
        "Random weights get about as far as that list": "(abs(table['random'] - table['word_type']) < 0.1).all()",
        "knows many of the words that it was trained on": "right['control task'][0] > 60",
        "For the parts of speech the sentence helps": "right['parts of speech'][1] > 70",
        "what it answers is noise": "right['control task'][1] < 30",
        "Parts of speech get cheap soon": "costs['task'][-1] < 0.2 * costs['task'][0]",
        "Control labels get cheaper only": "0.45 < costs['control'][-1] / costs['control'][0] < 0.75",
        "never do": "costs['shuffled'][-1] > 0.75 * costs['shuffled'][0]",
        "any probe looks selective": "min(gaps['a label for each occurrence']) > 65",
        "show how much either can remember": "max(gaps['a label for each word type']) < 55",
    },
    "09_extractable_is_not_used.ipynb": {
        "both are read almost without a mistake": "min(of.table()['accuracy'].loc[1:].min() for of in sweeps.values()) "
        "> 0.93",
        "they give much of both away": "min(of.table()['random'].loc[1:].min() for of in sweeps.values()) > 0.6",
        "no better than by always saying the commoner label": "max([*r.values()][0] for r in results.values()) < 58",
        "it tosses a coin": "40 < results['subject']['the verb is right'] < 60",
        "as if nothing\nhad happened": "results['neighbour']['the verb is right'] > 97",
        "did as much harm": "min([*r.values()][-1] for r in results.values()) > 95",
        "the answer is the same": "amnesia['subject'].lost_beyond_random.low > 0.02 > "
        "amnesia['neighbour'].lost_beyond_random.high - 0.02",
        "one probe says plural, one singular, and the model follows": "[of(compare.text).label(last)[-1] for of in "
        "(*probes.values(), would_say)] == ['singular', 'plural', 'singular']",
        "to plural one way, to singular the other": "curves['number of the subject'][-1] > 90 "
        "and curves['number of the subject'][0] < 10",
        "Along the neighbour's direction nothing moves": "np.ptp(curves['number of the neighbour']) < 5",
        "nor along a random one": "np.ptp(curves['a random direction']) < 5",
        "a probe that reads nothing afterwards": "max(height[0] for height in where.values()) < 58",
        "the last block fetches it again": "where['after block 1'][1] > 90 and where[f'after block {last}'][1] < 60",
    },
    "10_how_a_success_is_torn_down.ipynb": {
        "far more often than chance": "looked['split'] > 70 and 40 < left['split'] < 60",
        "nearly all of them right": "looked['size'] > 88",
        "several times as often as the commonest label": "looked['token'] > 3 * commonest",
        "whether its writer speaks of themselves, nearly always": "looked['words'] > 88",
        "which verbs are in the past, nearly always": "looked['labels'] > 85",
        "praise from blame, nearly always": "looked['negation'] > 90",
        "it is most of its success": "left['size'] > 0.5 * looked['size']",
        "The peak is not at 0 but one place further": "np.argmax(scores) == 4 and left['token'] > 88",
        "that is nearly all": "left['words'] > looked['words'] - 10",
        "A rule's slips do not": "left['labels'] < 40",
        "No better than a coin": "25 < left['negation'] < 65",
        "whatever has a `not` in it is blame to this probe": "of_turned.confusion(layer)['blame'].sum() > 0.8 * "
        "of_turned.confusion(layer).to_numpy().sum()",
        "A repaired probe has learned the repair": "again[0] > 90 and min(again) < 40",
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
