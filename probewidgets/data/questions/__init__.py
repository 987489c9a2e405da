"""Questions to ask of sentences: labelled corpora made from a corpus of one's own, `pw.questions.past_present(corpus)`.

Ten sentence tasks in the manner of SentEval's. Each is a function from a Corpus to a Corpus whose examples carry one
label, under the function's name: `capture(model, past_present(corpus), SentenceTask("past_present"))`. They are
"SentEval-style", not SentEval: other sentences, smaller, and annotated by whoever annotated the corpus. Every text is
used once, whatever its case and spaces.

    surface    sentence_length         how many words?                       needs text and words
               word_content            which of these words is in it?        text and words
    syntax     tree_depth              how deep is the tree?                 trees
               top_constituents        what is the tree made of at the top?  trees
               bigram_shift            are two neighbours swapped?           text and words
    semantics  past_present            tense of the main verb                heads, relations, tags
               subject_number          number of its subject                 heads, relations, tags
               object_number           number of its object                  heads, relations, tags
               odd_man_out             is a word replaced?                   tags
               coordination_inversion  are two clauses swapped?              trees, or heads and relations

`SENTEVAL_BINS` and `ADI_BINS` are the bins of `sentence_length`.

Source: Conneau et al. 2018, "What you can cram into a single vector: Probing sentence embeddings for linguistic
properties", section 2.

Three questions about a sentence's state and words beside it (the third, its length, is `sentence_length` above):

    content_pairs  is this word in the sentence?                   gives WordPairs
    order_pairs    which of two words of the sentence is first?    gives WordPairs
    permuted       the same sentences with their words in a random order: what is left to read without order

Source: Adi et al. 2017, "Fine-grained analysis of sentence embeddings using auxiliary prediction tasks", section 3.
"""

from __future__ import annotations

from probewidgets.data.questions.coordination import coordination_inversion
from probewidgets.data.questions.inflection import object_number, past_present, subject_number
from probewidgets.data.questions.intruders import odd_man_out
from probewidgets.data.questions.neighbours import bigram_shift
from probewidgets.data.questions.surface import ADI_BINS, SENTEVAL_BINS, sentence_length, word_content
from probewidgets.data.questions.syntax import top_constituents, tree_depth
from probewidgets.data.questions.word_pairs import WordPairs, content_pairs, order_pairs, permuted

__all__ = [
    "ADI_BINS",
    "SENTEVAL_BINS",
    "WordPairs",
    "bigram_shift",
    "content_pairs",
    "coordination_inversion",
    "object_number",
    "odd_man_out",
    "order_pairs",
    "past_present",
    "permuted",
    "sentence_length",
    "subject_number",
    "top_constituents",
    "tree_depth",
    "word_content",
]
