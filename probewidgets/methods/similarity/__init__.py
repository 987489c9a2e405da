"""Are two layers, or two models, alike? Without labels: how far one's states are a linear map of the other's.

Kornblith et al. 2019, "Similarity of Neural Network Representations Revisited" (CKA); Raghu et al. 2017, "SVCCA";
Morcos et al. 2018, "Insights on representational similarity in neural networks" (PWCCA).

    similarity      `similarity`: a measure of `metrics.similarity`, for every layer beside every other
"""
