"""Comparing: several predictors on one text, or one predictor on two sentences."""
