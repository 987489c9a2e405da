"""The corpus: sentences drawn from the grammar, written as a person types them, all different."""

from __future__ import annotations

from probewidgets.data.corpus import Corpus, Example, Span, Split, normalised
from probewidgets.data.grammar.dice import Dice
from probewidgets.data.grammar.rules.sentences import statement
from probewidgets.data.grammar.tree import read
