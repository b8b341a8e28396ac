"""What each column of the reliability tables is, in words for a first-time reader."""

from __future__ import annotations

from relsurvey.text import percent, wrapped

__all__ = ["legend_lines"]

_FIRST = {
    "items, n, of": "questions of the scale, people whose answers the figures rest on, and people "
    "in the file; the others left a question open, or it did not apply to them.",
    "alpha": "Cronbach's alpha: how far the questions of a scale go together, up to 1. The "
    "share of the spread of the scores that is not noise, if all questions measure the same "
    "thing equally well.",
    "interval": "where alpha would be expected in the population ({level}, Feldt).",
    "bootstrap": "the same, from drawing people again and again; it does not assume that "
    "answers are normally distributed.",
    "standardised": "alpha as if every question had the same spread.",
    "lambda-6": "Guttman's lambda-6: a lower bound that uses how well each question follows "
    "from the others.",
    "mean r": "mean correlation between two questions; .15 to .50 is usual.",
    "omega": "like alpha, but questions may differ in how well they measure (one factor, "
    "maximum likelihood).",
    "ordinal alpha": "alpha of the responses one supposes behind the steps of the answers "
    "(polychoric correlations); not the reliability of the score itself.",
    "ordinal omega": "reliability of the score when the answers are taken as ordered steps "
    "(Green and Yang).",
    "split halves": "lowest to highest agreement of two halves of the scale, stepped up to its "
    "length, over all ways to halve it (10,000 of them above 12 questions).",
    "SEM": "standard error of measurement, in points of the score: how far off one person's "
    "score may easily be.",
    "MDC95": "smallest detectable change, in points: a person's score has to change by more "
    "than this to be beyond measurement error.",
    "omega h": "omega hierarchical: what the one general factor alone accounts for, where the "
    "instrument has a model with one.",
}


def legend_lines(confidence: float, *, bootstrap: bool) -> list[str]:
    """Return a line or more for each column.

    Parameters
    ----------
    confidence : float
        Of the intervals.
    bootstrap : bool
        Whether there is a bootstrap interval.

    Examples
    --------
    >>> legend_lines(0.95, bootstrap=False)[0]
    'What the columns are'
    """
    lines = ["What the columns are"]
    for name, words in _FIRST.items():
        if name == "bootstrap" and not bootstrap:
            continue
        text = f"{name}: {words.format(level=percent(confidence))}"
        lines += wrapped(text, indent="  ", hanging="    ")
    return lines
