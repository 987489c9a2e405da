"""To which word is each word attached, and how much of that does the probe merely remember?

`BilinearProbe` and `PairwiseMLPProbe`, with a control task of their own in `trial.py`.

Source: Hewitt and Liang 2019, "Designing and Interpreting Probes with Control Tasks".
"""
