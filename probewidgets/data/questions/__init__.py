"""Ten sentence probing tasks built from a corpus of one's own, in the manner of SentEval's.

Each is a function from a Corpus to a Corpus whose examples carry one label, under the function's name:
`capture(model, past_present(corpus), SentenceTask("past_present"))`. They are "SentEval-style", not SentEval: other
sentences, smaller, and annotated by whoever annotated the corpus. Every text is used once, whatever its case and
spaces.

    surface    sentence_length, word_content                                 text and words
    syntax     tree_depth, top_constituents                                  trees
               bigram_shift                                                  text and words
    semantics  past_present, subject_number, object_number                   heads, relations, tags
               odd_man_out                                                   tags
               coordination_inversion                                        trees, or heads and relations

Source: Conneau et al. 2018, "What you can cram into a single vector: Probing sentence embeddings for linguistic
properties", section 2.
"""

from __future__ import annotations

from probewidgets.data.questions.changed import bigram_shift, coordination_inversion, odd_man_out
from probewidgets.data.questions.inflection import object_number, past_present, subject_number
from probewidgets.data.questions.surface import ADI_BINS, SENTEVAL_BINS, sentence_length, word_content
from probewidgets.data.questions.syntax import top_constituents, tree_depth

__all__ = [
    "ADI_BINS",
    "SENTEVAL_BINS",
    "bigram_shift",
    "coordination_inversion",
    "object_number",
    "odd_man_out",
    "past_present",
    "sentence_length",
    "subject_number",
    "top_constituents",
    "tree_depth",
    "word_content",
]
