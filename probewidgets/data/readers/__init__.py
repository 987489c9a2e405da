"""Readers of files and tables: each gives a Corpus."""
