"""The command `python -m spacy sgns`. spaCy imports this for every command of its own, so it imports almost nothing."""

import typer
from spacy.cli._util import app

from spacy_sgns.cli.analogy import analogy_cli
from spacy_sgns.cli.compare import compare_cli
from spacy_sgns.cli.demo import demo_cli
from spacy_sgns.cli.evaluate import evaluate_cli
from spacy_sgns.cli.export import export_cli
from spacy_sgns.cli.odd_one_out import odd_one_out_cli
from spacy_sgns.cli.options import Command, CommandGroup, CommandOfWords, CommandWithOverrides
from spacy_sgns.cli.plan import plan_cli
from spacy_sgns.cli.plot import plot_cli
from spacy_sgns.cli.query import query_cli
from spacy_sgns.cli.similar import similar_cli
from spacy_sgns.cli.strip import strip_cli
from spacy_sgns.cli.trace import trace_cli
from spacy_sgns.cli.train import train_cli

HELP = "Train word vectors on your own texts, and ask them questions."

sgns_cli = typer.Typer(name="sgns", cls=CommandGroup, help=HELP, no_args_is_help=True, rich_markup_mode=None)
sgns_cli.command("train", cls=CommandWithOverrides)(train_cli)
sgns_cli.command("plan", cls=CommandWithOverrides)(plan_cli)
sgns_cli.command("demo", cls=Command)(demo_cli)
sgns_cli.command("trace", cls=Command)(trace_cli)
sgns_cli.command("similar", cls=Command)(similar_cli)
sgns_cli.command("analogy", cls=CommandOfWords)(analogy_cli)
sgns_cli.command("odd-one-out", cls=Command)(odd_one_out_cli)
sgns_cli.command("query", cls=Command)(query_cli)
sgns_cli.command("evaluate", cls=Command)(evaluate_cli)
sgns_cli.command("compare", cls=Command)(compare_cli)
sgns_cli.command("plot", cls=Command)(plot_cli)
sgns_cli.command("export", cls=Command)(export_cli)
sgns_cli.command("strip", cls=Command)(strip_cli)
app.add_typer(sgns_cli)
