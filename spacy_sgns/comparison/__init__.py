"""Two trainings side by side: the neighbours of the same words, and which words moved."""
