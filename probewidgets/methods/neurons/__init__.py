"""In how few features of the states does a property stand?

Dalvi et al. 2019, "What Is One Grain of Sand in the Desert? Analyzing Individual Neurons in Deep NLP Models".

    neurons         `neurons`: what a probe reads of the first, the last, and random features of a ranking

The rankings themselves, `WeightMass` and `Probeless`, are in `probes.ranking`.
"""
