"""A whole run: tokens -> ids -> tables -> vectors, with its report and checkpoints."""
