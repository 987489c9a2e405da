"""Values that every room speaks of: estimates with intervals, which model it was, and predictions for a typed text.

Frozen, over numpy arrays; no torch. Every `repr` is one line.
"""

from probewidgets.values.estimates import Baseline, Estimate, ModelCard
from probewidgets.values.predictions import Predictions, Unit, entropy
from probewidgets.values.scale import Change, Scale, digits

__all__ = ["Baseline", "Change", "Estimate", "ModelCard", "Predictions", "Scale", "Unit", "digits", "entropy"]
