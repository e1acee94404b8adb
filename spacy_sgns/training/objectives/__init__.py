"""The loss of a pair, and its gradients."""
