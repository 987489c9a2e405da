"""Classifiers of rows, and what trains them.

A probe (hyper-parameters) is fitted and becomes a fitted probe (weights).
"""
