"""The command `python -m spacy sgns`. spaCy imports it for each of its own commands, so it imports very little."""

import typer
from spacy.cli._util import app

from spacy_sgns.cli.commands.analogy import analogy_cli
from spacy_sgns.cli.commands.compare import compare_cli
from spacy_sgns.cli.commands.demo import demo_cli
from spacy_sgns.cli.commands.evaluate import evaluate_cli
from spacy_sgns.cli.commands.expand import expand_cli
from spacy_sgns.cli.commands.export import export_cli
from spacy_sgns.cli.commands.odd_one_out import odd_one_out_cli
from spacy_sgns.cli.commands.plan import plan_cli
from spacy_sgns.cli.commands.plot import plot_cli
from spacy_sgns.cli.commands.query import query_cli
from spacy_sgns.cli.commands.similar import similar_cli
from spacy_sgns.cli.commands.trace import trace_cli
from spacy_sgns.cli.commands.train import train_cli
from spacy_sgns.cli.parsing import Command, CommandGroup, CommandWithOverrides, ExpressionCommand

MAX_HELP_WIDTH = 110  # columns of a help text, on a terminal that has as many
HELP = "Train word vectors on your own texts, and query them."

sgns_cli = typer.Typer(
    name="sgns",
    cls=CommandGroup,
    help=HELP,
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"max_content_width": MAX_HELP_WIDTH},
)
sgns_cli.command("train", cls=CommandWithOverrides)(train_cli)
sgns_cli.command("plan", cls=CommandWithOverrides)(plan_cli)
sgns_cli.command("demo", cls=Command)(demo_cli)
sgns_cli.command("trace", cls=CommandWithOverrides)(trace_cli)
sgns_cli.command("similar", cls=Command)(similar_cli)
sgns_cli.command("analogy", cls=ExpressionCommand)(analogy_cli)
sgns_cli.command("odd-one-out", cls=Command)(odd_one_out_cli)
sgns_cli.command("expand", cls=Command)(expand_cli)
sgns_cli.command("query", cls=Command)(query_cli)
sgns_cli.command("evaluate", cls=Command)(evaluate_cli)
sgns_cli.command("compare", cls=Command)(compare_cli)
sgns_cli.command("plot", cls=Command)(plot_cli)
sgns_cli.command("export", cls=Command)(export_cli)
app.add_typer(sgns_cli)
