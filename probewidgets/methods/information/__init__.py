"""How much do the states tell beyond something simpler, such as the word alone or the embeddings?

Pimentel et al. 2020, "Information-Theoretic Probing for Linguistic Structure"; Hewitt et al. 2021, "Conditional
probing: measuring usable information beyond a baseline".

    types           what is simpler: features that know a target's word, but not its sentence
    information     `information`: bits that the states give, and that they give beyond those
"""
