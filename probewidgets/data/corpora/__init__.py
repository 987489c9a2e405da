"""Corpora that are generated, with nothing downloaded: `pw.corpora.english()`.

english       sentences of a seeded grammar of English, with gold words, tags, features, dependencies, constituents
translations  the same kind of sentences, and their translation into an invented language with cases and genders
arithmetic    bracketed sums such as `( 5 - ( 2 + -3 ) )`, annotated step by step. Source: Hupkes, Veldhoen and
              Zuidema 2018, "Visualisation and 'diagnostic classifiers' reveal how recurrent and recursive neural
              networks process hierarchical structure"
sample        fewer sentences of a corpus, drawn at random on each side
"""

from __future__ import annotations

from probewidgets.data.corpora.expressions import arithmetic
from probewidgets.data.corpora.grammar import english
from probewidgets.data.corpora.translation import translations
from probewidgets.data.sampling import sample

__all__ = ["arithmetic", "english", "sample", "translations"]
