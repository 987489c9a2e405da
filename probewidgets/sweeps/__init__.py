"""The experiment: one loop over layers, one Score, one Sweep, whatever the probe.

The one room that tells train from test.

`sweep.py` checks what is asked for; the probe's trial (`labels.py`, `graded.py`, or one of a method's) fits and
scores each layer; `results.py` is what comes out, `report.py` and `checks.py` say what it is worth, `stored.py` keeps
it.
"""
