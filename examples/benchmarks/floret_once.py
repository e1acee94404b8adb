"""Train once with floret, in its own process, since floret reports its progress on standard error only."""

import json
import sys

import floret

floret.train_unsupervised(**json.loads(sys.argv[1]), verbose=2).save_vectors(sys.argv[2])
