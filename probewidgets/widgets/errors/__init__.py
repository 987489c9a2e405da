"""The errors of a sweep: who is taken for whom, in which sentences, and where in the test set most."""
