"""Objectives: the loss of the pairs, and its gradients."""
