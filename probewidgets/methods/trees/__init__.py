"""Is the dependency tree of a sentence to be read off the distances between its words' states?

`StructuralProbe` in `probe.py`, its trial in `trial.py`: `sweep(capture(model, corpus, TreeTask()),
StructuralProbe())`.

Source: Hewitt and Manning 2019, "A Structural Probe for Finding Syntax in Word Representations".
"""
