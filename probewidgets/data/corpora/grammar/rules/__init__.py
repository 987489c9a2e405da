"""The rules: each takes the dice (and what it must agree with) and gives a phrase."""
