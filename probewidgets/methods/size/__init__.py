"""How does accuracy, and what a probe merely learns by heart, grow with the size of the probe?

Hewitt and Liang 2019, "Designing and Interpreting Probes with Control Tasks"; Pimentel et al. 2020, "Pareto Probing:
Trading Off Accuracy for Complexity".

    compare         `compare`: one sweep for each of several probes, side by side
"""
