"""Type a sentence, see it probed: live probing classifiers for any Hugging Face model, inside Jupyter.

    import probewidgets as pw

    pw.explore()                                            # a first look, in one line

    corpus = pw.read_conllu("train.conllu", "dev.conllu", "test.conllu")
    task = pw.WordTask("upos")
    model = pw.LanguageModel()
    acts = pw.capture(model, corpus, task)
    sweep = pw.sweep(acts, pw.LinearProbe(), control=True)
    sweep.table()
    pw.ProbeExplorer(pw.predictor(model, sweep))

Names are loaded when they are first used: `import probewidgets` is quick and needs neither torch nor transformers.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

# Public name -> the module that has it.
_HOMES = {
    "ADI_BINS": "data.sentence_tasks",
    "Activations": "models.activations",
    "AttachmentSweep": "heads",
    "BilinearProbe": "probes.bilinear",
    "CCSProbe": "probes.ccs",
    "ContrastSweep": "contrast",
    "ControlTask": "data.control",
    "Corpus": "data.corpus",
    "EdgeProbe": "probes.edge",
    "EdgeSweep": "edges",
    "EdgeTask": "data.tasks",
    "ElasticNetProbe": "probes.sparse",
    "Estimate": "results",
    "Example": "data.corpus",
    "GradedSweep": "results",
    "INLP": "probes.erasure",
    "KSparseProbe": "probes.sparse",
    "LEACE": "probes.erasure",
    "LanguageModel": "models.language_model",
    "LayerCurve": "widgets.layer_curve",
    "LayerHeatmap": "widgets.layer_heatmap",
    "LinearProbe": "probes.linear",
    "LowRankProbe": "probes.mlp",
    "MLPProbe": "probes.mlp",
    "MassMeanProbe": "probes.means",
    "PairwiseMLPProbe": "probes.pairwise",
    "Predictions": "results",
    "ProbeClassifier": "probes.scikit",
    "ProbeExplorer": "widgets.explorer",
    "ProbeWidgetsError": "errors",
    "Probeless": "probes.neurons",
    "RandomDirections": "probes.erasure",
    "Ranges": "models.pooling",
    "RayEngine": "models.distributed",
    "RidgeProbe": "probes.ridge",
    "SentenceTask": "data.tasks",
    "SequenceModel": "models.sequence_model",
    "SigmoidProbe": "probes.ridge",
    "Site": "models.sites",
    "Span": "data.corpus",
    "SpanTask": "data.tasks",
    "Split": "data.corpus",
    "StructuralProbe": "probes.structural",
    "StructuralSweep": "structure",
    "Sweep": "results",
    "Target": "data.targets",
    "Targets": "data.targets",
    "TokenStrip": "widgets.token_strip",
    "TreeTask": "data.tasks",
    "TunedLens": "models.lens",
    "Unit": "results",
    "WeightMass": "probes.neurons",
    "WordPairs": "data.word_pairs",
    "WordTask": "data.tasks",
    "amnesia": "evidence.amnesia",
    "arithmetic": "data.arithmetic",
    "attachment": "heads",
    "attention": "models.sites",
    "bigram_shift": "data.sentence_tasks",
    "block": "models.sites",
    "cache": "models.store",
    "capture": "models.capture",
    "capture_tokens": "models.span_tokens",
    "ccs": "contrast",
    "cka": "metrics.similarity",
    "cls": "models.pooling",
    "codelength": "evidence.codelength",
    "compare": "evidence.comparison",
    "content_pairs": "data.word_pairs",
    "coordination_inversion": "data.sentence_tasks",
    "edge_sweep": "edges",
    "english": "data.grammar",
    "erase": "evidence.erasing",
    "explore": "live",
    "first": "models.pooling",
    "from_dataset": "data.tables",
    "head": "models.sites",
    "information": "evidence.information",
    "last": "models.pooling",
    "lens": "evidence.lenses",
    "max": "models.pooling",
    "mean": "models.pooling",
    "mean_with_special": "models.pooling",
    "mlp": "models.sites",
    "neurons": "evidence.neurons",
    "object_number": "data.sentence_tasks",
    "odd_man_out": "data.sentence_tasks",
    "order_pairs": "data.word_pairs",
    "pair_activations": "models.pairs",
    "past_present": "data.sentence_tasks",
    "permuted": "data.word_pairs",
    "predictor": "live",
    "pwcca": "metrics.similarity",
    "read_columns": "data.columns",
    "read_conllu": "data.conllu",
    "read_edges": "data.edges",
    "read_lines": "data.lines",
    "read_pairs": "data.tables",
    "read_senteval": "data.senteval",
    "read_table": "data.tables",
    "read_trees": "data.trees",
    "residual": "models.sites",
    "sample": "data.sampling",
    "sentence_length": "data.sentence_tasks",
    "similarity": "evidence.similarity",
    "static": "widgets.static",
    "structural": "structure",
    "subject_number": "data.sentence_tasks",
    "svcca": "metrics.similarity",
    "sweep": "experiment",
    "top_constituents": "data.sentence_tasks",
    "train_gru": "models.gru",
    "translations": "data.translation",
    "tree_depth": "data.sentence_tasks",
    "word_content": "data.sentence_tasks",
}

# Modules that are names of their own: `pw.figures.layer_curve(sweep)`.
_MODULES = ("figures",)

__all__ = ["__version__", *_HOMES, *_MODULES]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        value = getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
        globals()[name] = value
        return value
    if name in _MODULES:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


if TYPE_CHECKING:
    from probewidgets import figures
    from probewidgets.contrast import ContrastSweep, ccs
    from probewidgets.data.arithmetic import arithmetic
    from probewidgets.data.columns import read_columns
    from probewidgets.data.conllu import read_conllu
    from probewidgets.data.control import ControlTask
    from probewidgets.data.corpus import Corpus, Example, Span, Split
    from probewidgets.data.edges import read_edges
    from probewidgets.data.grammar import english
    from probewidgets.data.lines import read_lines
    from probewidgets.data.sampling import sample
    from probewidgets.data.sentence_tasks import (
        ADI_BINS,
        bigram_shift,
        coordination_inversion,
        object_number,
        odd_man_out,
        past_present,
        sentence_length,
        subject_number,
        top_constituents,
        tree_depth,
        word_content,
    )
    from probewidgets.data.senteval import read_senteval
    from probewidgets.data.tables import from_dataset, read_pairs, read_table
    from probewidgets.data.targets import Target, Targets
    from probewidgets.data.tasks import EdgeTask, SentenceTask, SpanTask, TreeTask, WordTask
    from probewidgets.data.translation import translations
    from probewidgets.data.trees import read_trees
    from probewidgets.data.word_pairs import WordPairs, content_pairs, order_pairs, permuted
    from probewidgets.edges import EdgeSweep, edge_sweep
    from probewidgets.errors import ProbeWidgetsError
    from probewidgets.evidence.amnesia import amnesia
    from probewidgets.evidence.codelength import codelength
    from probewidgets.evidence.comparison import compare
    from probewidgets.evidence.erasing import erase
    from probewidgets.evidence.information import information
    from probewidgets.evidence.lenses import lens
    from probewidgets.evidence.neurons import neurons
    from probewidgets.evidence.similarity import similarity
    from probewidgets.experiment import sweep
    from probewidgets.heads import AttachmentSweep, attachment
    from probewidgets.live import explore, predictor
    from probewidgets.metrics.similarity import cka, pwcca, svcca
    from probewidgets.models.activations import Activations
    from probewidgets.models.capture import capture
    from probewidgets.models.distributed import RayEngine
    from probewidgets.models.gru import train_gru
    from probewidgets.models.language_model import LanguageModel
    from probewidgets.models.lens import TunedLens
    from probewidgets.models.pairs import pair_activations
    from probewidgets.models.pooling import Ranges, cls, first, last, max, mean, mean_with_special
    from probewidgets.models.sequence_model import SequenceModel
    from probewidgets.models.sites import Site, attention, block, head, mlp, residual
    from probewidgets.models.span_tokens import capture_tokens
    from probewidgets.models.store import cache
    from probewidgets.probes.bilinear import BilinearProbe
    from probewidgets.probes.ccs import CCSProbe
    from probewidgets.probes.edge import EdgeProbe
    from probewidgets.probes.erasure import INLP, LEACE, RandomDirections
    from probewidgets.probes.linear import LinearProbe
    from probewidgets.probes.means import MassMeanProbe
    from probewidgets.probes.mlp import LowRankProbe, MLPProbe
    from probewidgets.probes.neurons import Probeless, WeightMass
    from probewidgets.probes.pairwise import PairwiseMLPProbe
    from probewidgets.probes.ridge import RidgeProbe, SigmoidProbe
    from probewidgets.probes.scikit import ProbeClassifier
    from probewidgets.probes.sparse import ElasticNetProbe, KSparseProbe
    from probewidgets.probes.structural import StructuralProbe
    from probewidgets.results import Estimate, GradedSweep, Predictions, Sweep, Unit
    from probewidgets.structure import StructuralSweep, structural
    from probewidgets.widgets.explorer import ProbeExplorer
    from probewidgets.widgets.layer_curve import LayerCurve
    from probewidgets.widgets.layer_heatmap import LayerHeatmap
    from probewidgets.widgets.static import static
    from probewidgets.widgets.token_strip import TokenStrip
