"""The application: which commands there are, and what happens when one of them fails."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from relsurvey.cli.commands import (
    agreement,
    associate,
    change,
    check,
    columns,
    demo,
    init,
    instruments,
    link,
    lock,
    plan,
    reidentify,
    reliability,
    report,
    run,
    score,
    sensitivity,
    structure,
    verify,
)
from relsurvey.cli.failures import EXIT_FAULT, EXIT_INPUT, show_error, show_fault
from relsurvey.errors import OutputError, RelSurveyError
from relsurvey.version import __version__

__all__ = ["app", "main"]

app = typer.Typer(
    name="relsurvey",
    help="Score reflective practice and relational care, link workers with the people they work "
    "with, and test whether the two go together.",
    epilog="Start with:  relsurvey demo   then   relsurvey init   and   relsurvey run study.yaml",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("run")(run.run)
app.command("demo")(demo.demo)
app.command("init")(init.init)
app.command("columns")(columns.columns)
app.command("check")(check.check)
app.command("score")(score.score)
app.command("reliability")(reliability.reliability)
app.command("structure")(structure.structure)
app.command("agreement")(agreement.agreement)
app.command("link")(link.link)
app.command("associate")(associate.associate)
app.command("sensitivity")(sensitivity.sensitivity)
app.command("change")(change.change)
app.command("plan")(plan.plan)
app.command("report")(report.report)
app.command("lock")(lock.lock)
app.command("verify")(verify.verify)
app.command("reidentify")(reidentify.reidentify)
app.add_typer(instruments.app, name="instruments")


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"relsurvey {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
    debug: Annotated[
        bool,
        typer.Option("--debug", help="Show the traceback of an error (anywhere on the line)."),
    ] = False,
) -> None:
    """Keep the options that belong to no command in the help."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process.

    Exit codes: 0 done, 2 the command was called wrongly, 3 the input is not usable (or the
    output place is not), 1 stopped by the user or a fault of relsurvey itself.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    end = words.index("--") if "--" in words else len(words)
    debug = "--debug" in words[:end]
    words = [word for word in words[:end] if word != "--debug"] + words[end:]
    try:
        app(args=words, prog_name="relsurvey")
    except RelSurveyError as problem:
        if debug:
            raise
        show_error(problem, as_json="--json" in words)
        raise SystemExit(EXIT_INPUT) from None
    except OSError as problem:
        if debug:
            raise
        reason = problem.strerror or str(problem)
        show_error(OutputError(f"The system refused to read or write: {reason}."), as_json=False)
        raise SystemExit(EXIT_INPUT) from None
    except Exception as problem:
        # The last resort of the program: a person gets a sentence, never a foreign stack trace.
        if debug:
            raise
        show_fault(problem)
        raise SystemExit(EXIT_FAULT) from None
