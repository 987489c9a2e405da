"""Data: texts with what is known about their words, and which of them are labelled, and how."""
