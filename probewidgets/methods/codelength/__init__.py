"""How much effort does reading a property take? The bits to send its labels, given the states: online codes.

Voita and Titov 2020, "Information-Theoretic Probing with Minimum Description Length".

    codelength      `codelength`: the labels of train sent block by block, each block with a probe of those before
"""
