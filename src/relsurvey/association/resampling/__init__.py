"""Inference by drawing again: bootstrap over workers and teams, permutation of scores, max-T."""
