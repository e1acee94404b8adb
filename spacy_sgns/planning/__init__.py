"""A sample of the corpus -> time, memory and disk of a run, and warnings, before the run starts."""
