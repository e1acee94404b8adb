"""The command `python -m spacy sgns`. spaCy imports this for every command of its own, so it imports almost nothing."""

import typer
from spacy.cli._util import app

from spacy_sgns.cli.demo import demo_cli
from spacy_sgns.cli.export import export_cli
from spacy_sgns.cli.options import Command, CommandGroup, CommandWithOverrides
from spacy_sgns.cli.similar import similar_cli
from spacy_sgns.cli.strip import strip_cli
from spacy_sgns.cli.train import train_cli

HELP = "Train word vectors on your own texts, and ask them questions."

sgns_cli = typer.Typer(name="sgns", cls=CommandGroup, help=HELP, no_args_is_help=True, rich_markup_mode=None)
sgns_cli.command("train", cls=CommandWithOverrides)(train_cli)
sgns_cli.command("demo", cls=Command)(demo_cli)
sgns_cli.command("similar", cls=Command)(similar_cli)
sgns_cli.command("export", cls=Command)(export_cli)
sgns_cli.command("strip", cls=Command)(strip_cli)
app.add_typer(sgns_cli)
