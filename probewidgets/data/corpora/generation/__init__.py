"""Means of generating sentences: seeded choices, word forms, trees with both analyses, and how they are typed."""
