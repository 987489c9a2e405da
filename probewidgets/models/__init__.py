"""Models: text in, hidden states at any place of any layer out; and the predictions of a language model's own head.

held            a torch module that runs for one thread at a time, and is left as it was
tapped          a frozen torch module that is read by taps; `language_model` and `sequence_model` are its two kinds
loading         from a name, a folder or a module in memory to a model; `embedded` is the one that comes with us
whole           whether what is probed is all of the model that was given; `sizes` is what its config says
plain           what a batch gives, held against a plain pass of one text
tokens          what a tokenizer makes of texts; `batching` says which texts are run together
taps, sites     where in a module tree the states come by, found by running it once
parts, sums     which modules of a block are its attention and its MLP by name, and whether they are what the block adds
fingerprints    what a model's states depend on, as a hash; `code` is what its forward pass may read
head            a language model's head, on other states; `asking` for which tokens; `prediction` of them
"""
