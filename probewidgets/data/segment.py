"""Raw text as a corpus has it: its words, the gold labels typed with them, and how the corpus's own texts are made."""

from probewidgets.data.gold import Labels
from probewidgets.data.segmenters import SEGMENTERS, Segmenter, check_segmenter, segment, segmenter_name
from probewidgets.data.typed import Line, Typed, lines, parse_gold
from probewidgets.data.writing import Writing, best_segmenter

__all__ = [
    "SEGMENTERS",
    "Labels",
    "Line",
    "Segmenter",
    "Typed",
    "Writing",
    "best_segmenter",
    "check_segmenter",
    "lines",
    "parse_gold",
    "segment",
    "segmenter_name",
]
