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
    "ADI_BINS": "data.questions",
    "Activations": "captures.activations",
    "AttachmentSweep": "methods.heads.experiment",
    "BilinearProbe": "methods.heads.bilinear",
    "CCSProbe": "methods.contrast.probe",
    "ContrastSweep": "methods.contrast.experiment",
    "ControlTask": "data.control",
    "Corpus": "data.corpus",
    "EdgeProbe": "methods.edges.probe",
    "EdgeSweep": "methods.edges.experiment",
    "EdgeTask": "data.tasks",
    "ElasticNetProbe": "probes.sparse",
    "Estimate": "values",
    "Example": "data.corpus",
    "GradedSweep": "sweeps.results",
    "INLP": "methods.erasure.erasers",
    "KSparseProbe": "probes.sparse",
    "LEACE": "methods.erasure.erasers",
    "LanguageModel": "models.language_model",
    "LayerCurve": "widgets.curve.widget",
    "LayerHeatmap": "widgets.heatmap.widget",
    "LinearProbe": "probes.linear",
    "LowRankProbe": "probes.mlp",
    "MLPProbe": "probes.mlp",
    "MassMeanProbe": "probes.means",
    "PairwiseMLPProbe": "methods.heads.pairwise",
    "Predictions": "values",
    "ProbeClassifier": "probes.scikit",
    "ProbeExplorer": "widgets.explorer.widget",
    "ProbeWidgetsError": "errors",
    "Probeless": "probes.ranking",
    "RandomDirections": "methods.erasure.erasers",
    "Ranges": "captures.pooling",
    "RayEngine": "captures.ray",
    "RidgeProbe": "probes.ridge",
    "SentenceTask": "data.tasks",
    "SequenceModel": "models.sequence_model",
    "SigmoidProbe": "probes.ridge",
    "Site": "models.sites",
    "Span": "data.corpus",
    "SpanTask": "data.tasks",
    "Split": "data.corpus",
    "StructuralProbe": "methods.trees.probe",
    "StructuralSweep": "methods.trees.experiment",
    "Sweep": "sweeps.results",
    "Target": "data.targets",
    "Targets": "data.targets",
    "TokenStrip": "widgets.strip.widget",
    "TreeTask": "data.tasks",
    "TunedLens": "models.lens",
    "Unit": "values",
    "WeightMass": "probes.ranking",
    "WordPairs": "data.questions.word_pairs",
    "WordTask": "data.tasks",
    "amnesia": "methods.erasure.amnesia",
    "arithmetic": "data.corpora.expressions",
    "attachment": "methods.heads.experiment",
    "attention": "models.sites",
    "bigram_shift": "data.questions",
    "block": "models.sites",
    "cache": "captures.store",
    "capture": "captures.capture",
    "capture_tokens": "captures.span_tokens",
    "ccs": "methods.contrast.experiment",
    "cka": "metrics.similarity",
    "cls": "captures.pooling",
    "codelength": "methods.codelength.experiment",
    "compare": "methods.size.experiment",
    "content_pairs": "data.questions.word_pairs",
    "coordination_inversion": "data.questions",
    "edge_sweep": "methods.edges.experiment",
    "english": "data.corpora.grammar",
    "erase": "methods.erasure.experiment",
    "explore": "widgets.explorer.explore",
    "first": "captures.pooling",
    "from_dataset": "data.readers.tables",
    "head": "models.sites",
    "information": "methods.information.experiment",
    "last": "captures.pooling",
    "lens": "methods.lenses.experiment",
    "max": "captures.pooling",
    "mean": "captures.pooling",
    "mean_with_special": "captures.pooling",
    "mlp": "models.sites",
    "neurons": "methods.neurons.experiment",
    "object_number": "data.questions",
    "odd_man_out": "data.questions",
    "order_pairs": "data.questions.word_pairs",
    "pair_activations": "captures.pairs",
    "past_present": "data.questions",
    "permuted": "data.questions.word_pairs",
    "predictor": "live.predictor",
    "pwcca": "metrics.similarity",
    "read_columns": "data.readers.columns",
    "read_conllu": "data.readers.conllu",
    "read_edges": "data.readers.edges",
    "read_lines": "data.readers.lines",
    "read_pairs": "data.readers.tables",
    "read_senteval": "data.readers.senteval",
    "read_table": "data.readers.tables",
    "read_trees": "data.readers.trees",
    "residual": "models.sites",
    "sample": "data.sampling",
    "sentence_length": "data.questions",
    "similarity": "methods.similarity.experiment",
    "static": "widgets.kit.static",
    "structural": "methods.trees.experiment",
    "subject_number": "data.questions",
    "svcca": "metrics.similarity",
    "sweep": "sweeps.sweep",
    "top_constituents": "data.questions",
    "train_gru": "methods.diagnostic.gru",
    "translations": "data.corpora.translation",
    "tree_depth": "data.questions",
    "word_content": "data.questions",
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
    from probewidgets.captures.activations import Activations
    from probewidgets.captures.capture import capture
    from probewidgets.captures.pairs import pair_activations
    from probewidgets.captures.pooling import Ranges, cls, first, last, max, mean, mean_with_special
    from probewidgets.captures.ray import RayEngine
    from probewidgets.captures.span_tokens import capture_tokens
    from probewidgets.captures.store import cache
    from probewidgets.data.control import ControlTask
    from probewidgets.data.corpora.expressions import arithmetic
    from probewidgets.data.corpora.grammar import english
    from probewidgets.data.corpora.translation import translations
    from probewidgets.data.corpus import Corpus, Example, Span, Split
    from probewidgets.data.questions import (
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
    from probewidgets.data.questions.word_pairs import WordPairs, content_pairs, order_pairs, permuted
    from probewidgets.data.readers.columns import read_columns
    from probewidgets.data.readers.conllu import read_conllu
    from probewidgets.data.readers.edges import read_edges
    from probewidgets.data.readers.lines import read_lines
    from probewidgets.data.readers.senteval import read_senteval
    from probewidgets.data.readers.tables import from_dataset, read_pairs, read_table
    from probewidgets.data.readers.trees import read_trees
    from probewidgets.data.sampling import sample
    from probewidgets.data.targets import Target, Targets
    from probewidgets.data.tasks import EdgeTask, SentenceTask, SpanTask, TreeTask, WordTask
    from probewidgets.errors import ProbeWidgetsError
    from probewidgets.live.predictor import predictor
    from probewidgets.methods.codelength.experiment import codelength
    from probewidgets.methods.contrast.experiment import ContrastSweep, ccs
    from probewidgets.methods.contrast.probe import CCSProbe
    from probewidgets.methods.diagnostic.gru import train_gru
    from probewidgets.methods.edges.experiment import EdgeSweep, edge_sweep
    from probewidgets.methods.edges.probe import EdgeProbe
    from probewidgets.methods.erasure.amnesia import amnesia
    from probewidgets.methods.erasure.erasers import INLP, LEACE, RandomDirections
    from probewidgets.methods.erasure.experiment import erase
    from probewidgets.methods.heads.bilinear import BilinearProbe
    from probewidgets.methods.heads.experiment import AttachmentSweep, attachment
    from probewidgets.methods.heads.pairwise import PairwiseMLPProbe
    from probewidgets.methods.information.experiment import information
    from probewidgets.methods.lenses.experiment import lens
    from probewidgets.methods.neurons.experiment import neurons
    from probewidgets.methods.similarity.experiment import similarity
    from probewidgets.methods.size.experiment import compare
    from probewidgets.methods.trees.experiment import StructuralSweep, structural
    from probewidgets.methods.trees.probe import StructuralProbe
    from probewidgets.metrics.similarity import cka, pwcca, svcca
    from probewidgets.models.language_model import LanguageModel
    from probewidgets.models.lens import TunedLens
    from probewidgets.models.sequence_model import SequenceModel
    from probewidgets.models.sites import Site, attention, block, head, mlp, residual
    from probewidgets.probes.linear import LinearProbe
    from probewidgets.probes.means import MassMeanProbe
    from probewidgets.probes.mlp import LowRankProbe, MLPProbe
    from probewidgets.probes.ranking import Probeless, WeightMass
    from probewidgets.probes.ridge import RidgeProbe, SigmoidProbe
    from probewidgets.probes.scikit import ProbeClassifier
    from probewidgets.probes.sparse import ElasticNetProbe, KSparseProbe
    from probewidgets.sweeps.results import GradedSweep, Sweep
    from probewidgets.sweeps.sweep import sweep
    from probewidgets.values import Estimate, Predictions, Unit
    from probewidgets.widgets.curve.widget import LayerCurve
    from probewidgets.widgets.explorer.explore import explore
    from probewidgets.widgets.explorer.widget import ProbeExplorer
    from probewidgets.widgets.heatmap.widget import LayerHeatmap
    from probewidgets.widgets.kit.static import static
    from probewidgets.widgets.strip.widget import TokenStrip
