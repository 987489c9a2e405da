"""At which layer is what a span, or a pair of spans, is to be read off its tokens?

`EdgeProbe`, which learns how to mix layers and pool spans, in `probe.py`; its trial and the expected layer in
`trial.py`.

Source: Tenney et al. 2019, "What do you learn from context?", and Tenney, Das and Pavlick 2019, "BERT Rediscovers the
Classical NLP Pipeline".
"""
