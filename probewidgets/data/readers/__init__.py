"""Readers of files and tables, each of which gives a Corpus: `pw.readers.read_conllu(train, dev, test)`.

read_conllu    treebanks of Universal Dependencies: words, tags, features, heads, relations
read_columns   a word a line with its tags, such as CoNLL-2003's named entities
read_lines     one sentence a line, and files beside it with one label per word
read_table     CSV, TSV, Parquet, JSON, data frames, pairs: a label per text, a list of tags, or spans of characters
read_pairs     tables of contrast pairs: a statement, and the same one denied
read_trees     trees in Penn brackets
read_edges     spans and pairs of spans with labels, as JSON lines
read_senteval  the ten probing tasks of SentEval, as they are published
from_dataset   a dataset of the Hugging Face library

They answer as `pw.read_conllu` and so on, too. `pw.read_file` finds the one that takes a file.
"""

from __future__ import annotations

from probewidgets.data.readers.columns import read_columns
from probewidgets.data.readers.conllu import read_conllu
from probewidgets.data.readers.edges import read_edges
from probewidgets.data.readers.lines import read_lines
from probewidgets.data.readers.senteval import read_senteval
from probewidgets.data.readers.tables import from_dataset, read_pairs, read_table
from probewidgets.data.readers.trees import read_trees

__all__ = [
    "from_dataset",
    "read_columns",
    "read_conllu",
    "read_edges",
    "read_lines",
    "read_pairs",
    "read_senteval",
    "read_table",
    "read_trees",
]
