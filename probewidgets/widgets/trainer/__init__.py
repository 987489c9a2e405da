"""The trainer: corpus, task, model and probe chosen by hand, and the training watched."""
