"""The public names, listed once. `import probewidgets as pw` has them all, loaded when they are first used."""

# Namespaces, by purpose.
from probewidgets import figures as figures
from probewidgets import metrics as metrics
from probewidgets.captures import pooling as pools
from probewidgets.data import corpora as corpora
from probewidgets.data import questions as questions
from probewidgets.data import readers as readers
from probewidgets.methods.erasure import erasers as erasers
from probewidgets.models import sites as sites
from probewidgets.probes import ranking as rankings

# Text and what is labelled in it.
from probewidgets.data.control import ControlTask as ControlTask
from probewidgets.data.corpus import Corpus as Corpus
from probewidgets.data.examples import Example as Example, Span as Span
from probewidgets.data.readers.recognising import read_file as read_file
from probewidgets.data.splits import Split as Split
from probewidgets.data.tasks import (
    EdgeTask as EdgeTask,
    SentenceTask as SentenceTask,
    SpanTask as SpanTask,
    TreeTask as TreeTask,
    WordTask as WordTask,
)

# Models, and their states.
from probewidgets.captures.activations import Activations as Activations
from probewidgets.captures.capture import capture as capture
from probewidgets.captures.ray import RayEngine as RayEngine
from probewidgets.captures.word_embeddings import word_embeddings as word_embeddings
from probewidgets.captures.cache import cache as cache
from probewidgets.models.language_model import LanguageModel as LanguageModel
from probewidgets.models.sequence_model import SequenceModel as SequenceModel

# Probes.
from probewidgets.methods.contrast.probe import CCSProbe as CCSProbe
from probewidgets.methods.edges.probe import EdgeProbe as EdgeProbe
from probewidgets.methods.heads.bilinear import BilinearProbe as BilinearProbe
from probewidgets.methods.heads.pairwise import PairwiseMLPProbe as PairwiseMLPProbe
from probewidgets.methods.trees.probe import StructuralProbe as StructuralProbe
from probewidgets.probes.linear import LinearProbe as LinearProbe
from probewidgets.probes.means import MassMeanProbe as MassMeanProbe
from probewidgets.probes.mlp import LowRankProbe as LowRankProbe, MLPProbe as MLPProbe
from probewidgets.probes.ridge import RidgeProbe as RidgeProbe, SigmoidProbe as SigmoidProbe
from probewidgets.probes.scikit import ProbeClassifier as ProbeClassifier
from probewidgets.probes.sparse import ElasticNetProbe as ElasticNetProbe, KSparseProbe as KSparseProbe

# Experiments.
from probewidgets.methods.codelength.codelength import codelength as codelength
from probewidgets.methods.diagnostic.gru import train_gru as train_gru
from probewidgets.methods.erasure.amnesia import amnesia as amnesia
from probewidgets.methods.erasure.erase import erase as erase
from probewidgets.methods.information.information import information as information
from probewidgets.methods.lenses.lens import lens as lens
from probewidgets.methods.neurons.neurons import neurons as neurons
from probewidgets.methods.similarity.similarity import similarity as similarity
from probewidgets.methods.size.compare import compare as compare
from probewidgets.methods.lenses.tuned import TunedLens as TunedLens
from probewidgets.sweeps.results import Sweep as Sweep
from probewidgets.sweeps.sweep import sweep as sweep

# What is typed, and shown.
from probewidgets.errors import ProbeWidgetsError as ProbeWidgetsError
from probewidgets.live.predictor import predictor as predictor
from probewidgets.values import Predictions as Predictions, Scale as Scale, Unit as Unit
from probewidgets.widgets.explorer.explore import explore as explore
from probewidgets.widgets.explorer.widget import ProbeExplorer as ProbeExplorer
from probewidgets.widgets.compare.widget import ProbeCompare as ProbeCompare
from probewidgets.widgets.curve.widget import LayerCurve as LayerCurve
from probewidgets.widgets.errors.widget import ProbeErrors as ProbeErrors
from probewidgets.widgets.heatmap.widget import LayerHeatmap as LayerHeatmap
from probewidgets.widgets.kit.static import static as static
from probewidgets.widgets.strip.widget import TokenStrip as TokenStrip
from probewidgets.widgets.teacher.widget import ProbeTeacher as ProbeTeacher
from probewidgets.widgets.trainer.widget import ProbeTrainer as ProbeTrainer

# At home in a namespace; they answer here too.
from probewidgets.captures.pooling import cls as cls, first as first, last as last, max as max, mean as mean
from probewidgets.data.readers import (
    from_dataset as from_dataset,
    read_columns as read_columns,
    read_conllu as read_conllu,
    read_edges as read_edges,
    read_lines as read_lines,
    read_pairs as read_pairs,
    read_senteval as read_senteval,
    read_table as read_table,
    read_trees as read_trees,
)

__version__: str
