"""A seeded grammar of English: as many annotated sentences as asked for, with nothing downloaded."""

from __future__ import annotations

from probewidgets.data.corpora.grammar.digest import ENGLISH
from probewidgets.data.corpora.grammar.english import english

__all__ = ["ENGLISH", "english"]
