"""Raw text as a corpus has it: its words, the gold labels typed with them, and how the corpus's own texts are made."""

from probewidgets.data.segment.gold import Labels
from probewidgets.data.segment.typed import Line, Typed, lines, parse_gold
from probewidgets.data.segment.words import SEGMENTERS, segment
from probewidgets.data.segment.writing import best_segmenter

__all__ = ["SEGMENTERS", "Labels", "Line", "Typed", "best_segmenter", "lines", "parse_gold", "segment"]
