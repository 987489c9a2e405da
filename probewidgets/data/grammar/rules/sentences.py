"""Whole sentences: statements, questions, requests, and what people write between them."""

from __future__ import annotations

from probewidgets.data.grammar.dice import Dice, Menu
from probewidgets.data.grammar.lexicon import base_kind, modifiers, words
from probewidgets.data.grammar.lexicon.function_words import *  # noqa: F403
from probewidgets.data.grammar.rules.clauses import clause
from probewidgets.data.grammar.tree import HEAD, Node

def statement(dice: Dice) -> Node:
    return Node("S", (HEAD, clause(dice, 2)), ("punct", punctuation(".")))
