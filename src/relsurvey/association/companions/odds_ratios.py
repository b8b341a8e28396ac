"""What models of log odds share: the table, its text and the line of the panel."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from relsurvey.association.companions.companion import Companion
from relsurvey.association.models.likelihood import Floats
from relsurvey.association.t_test import t_test
from relsurvey.text import aligned, number, p_value_text

__all__ = ["odds_ratio_companion", "odds_ratio_lines", "odds_ratio_table"]

ENDS = {"odds_ratio": "estimate", "odds_ratio_low": "conf_low", "odds_ratio_high": "conf_high"}


def odds_ratio_table(
    terms: Sequence[str], estimate: Floats, std_error: Floats, df: float, confidence: float
) -> pd.DataFrame:
    """Return one row a term.

    Parameters
    ----------
    terms : sequence of str
        Their names, p of them.
    estimate, std_error : numpy.ndarray
        Shape (p,): log odds ratios per unit; NaN where there are none.
    df : float
        Degrees of freedom of all tests; NaN where clusters are too few.
    confidence : float
        Coverage of the intervals.

    Returns
    -------
    pandas.DataFrame
        term, estimate, std_error, df, statistic, p_value, conf_low, conf_high, of log odds
        ratios; odds_ratio, odds_ratio_low, odds_ratio_high, infinite where too large to be held.
    """
    tested = t_test(estimate, std_error, np.full(len(estimate), df), confidence)
    with np.errstate(over="ignore"):
        ratios = {name: np.exp(tested[log]) for name, log in ENDS.items()}
    return pd.DataFrame({"term": list(terms), **tested, **ratios})


def odds_ratio_companion(
    name: str, table: pd.DataFrame, notes: Sequence[str], source: str
) -> Companion:
    """Return the line of the panel, of the first term; its standard error is of the log odds."""
    row = table.iloc[0]
    return Companion(
        name=name,
        scale="odds ratio",
        estimate=float(row["odds_ratio"]),
        std_error=float(row["std_error"]),
        df=float(row["df"]),
        statistic=float(row["statistic"]),
        p_value=float(row["p_value"]),
        conf_low=float(row["odds_ratio_low"]),
        conf_high=float(row["odds_ratio_high"]),
        note=" ".join(notes),
        source=source,
    )


def odds_ratio_lines(table: pd.DataFrame) -> list[str]:
    """Return the table as lines for people."""
    rows = [
        {
            "term": str(row["term"]),
            "odds ratio": number(row["odds_ratio"], 3),
            "low": number(row["odds_ratio_low"], 3),
            "high": number(row["odds_ratio_high"], 3),
            "df": number(row["df"], 0),
            "p": p_value_text(row["p_value"]),
        }
        for row in table.to_dict("records")
    ]
    return aligned(rows, left=["term", "p"])
