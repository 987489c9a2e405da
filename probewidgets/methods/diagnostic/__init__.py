"""What does a network compute step by step? A GRU that was taught arithmetic, to be read at every symbol.

Veldhoen, Hupkes and Zuidema 2016, "Diagnostic Classifiers Revealing how Neural Networks Process Hierarchical
Structure".

    gru             `train_gru`: the network of the paper, trained on `arithmetic()`, as a model to capture
"""
