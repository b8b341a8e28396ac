"""Options that several commands share, said once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

__all__ = [
    "Columns",
    "Dictionary",
    "Force",
    "ForceResults",
    "InstrumentName",
    "Json",
    "KeepIds",
    "KeyFile",
    "Missing",
    "MissingRule",
    "NotApplicable",
    "Out",
    "Platform",
    "RespondentColumn",
    "TeamColumn",
    "Tokens",
    "Unknown",
    "WaveColumn",
    "Wording",
    "WorkerColumn",
]


MissingRule = Literal["listwise", "pairwise"]
NotApplicable = Literal["excluded", "best", "missing"]

InstrumentName = Annotated[
    str,
    typer.Option(
        "--instrument",
        "-i",
        help="Id of an instrument (see 'relsurvey instruments list') or a YAML file of your own.",
        show_default=False,
    ),
]
RespondentColumn = Annotated[
    str | None, typer.Option("--id", help="Column that tells respondents apart.")
]
WorkerColumn = Annotated[str | None, typer.Option("--worker", help="Column of the worker's id.")]
TeamColumn = Annotated[str | None, typer.Option("--team", help="Column of the team.")]
WaveColumn = Annotated[str | None, typer.Option("--wave", help="Column of the wave.")]
Platform = Annotated[
    Literal[
        "auto",
        "qualtrics",
        "redcap",
        "limesurvey",
        "jisc",
        "surveyxact",
        "kobo",
        "msforms",
        "googleforms",
        "surveymonkey",
        "alchemer",
        "spss",
        "stata",
        "csv",
        "xlsx",
        "parquet",
    ],
    typer.Option(
        "--platform", help="What wrote the export; found from its first rows if not given."
    ),
]
Columns = Annotated[
    Path | None,
    typer.Option("--columns", help="YAML file 'item: heading', where headings are not item ids."),
]
Dictionary = Annotated[
    Path | None,
    typer.Option("--dictionary", help="What the columns hold: a .qsf, a REDCap data dictionary."),
]
Unknown = Annotated[
    Literal["stop", "missing"],
    typer.Option(
        "--unknown", help="Cells that are no answer: stop and list them, or keep them as missing."
    ),
]
Wording = Annotated[
    Path | None, typer.Option("--wording", help="Wording pack (CSV or YAML) you hold.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="Write the table to this CSV file.")]
Force = Annotated[bool, typer.Option("--force", help="Replace a result that is there already.")]
ForceResults = Annotated[
    bool,
    typer.Option(
        "--force",
        help="Replace results that are there; never a file that relsurvey did not write, or that "
        "somebody has edited since.",
    ),
]
KeepIds = Annotated[
    bool, typer.Option("--keep-ids", help="Write ids as they are, not as pseudonyms.")
]
KeyFile = Annotated[
    Path | None,
    typer.Option(
        "--key", help="Key file for pseudonyms (relsurvey.key beside the output if not given)."
    ),
]
Missing = Annotated[
    MissingRule, typer.Option("--missing", help="Rows used: complete ones, or all for each pair.")
]
Tokens = Annotated[
    list[str] | None,
    typer.Option("--missing-token", help="A text that stands for no answer, such as NA."),
]
