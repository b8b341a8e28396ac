"""How much more likely the workers' values are with a correlation than without."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import ClassVar

import pandas as pd

from relsurvey.association.companions.companion import Companion
from relsurvey.association.companions.correlation import correlate
from relsurvey.errors import ModelError
from relsurvey.moments.groups import GroupSums
from relsurvey.options import require_number
from relsurvey.results import Drawn
from relsurvey.text import wrapped
from relsurvey.with_pingouin import correlation_bayes_factor

__all__ = ["BayesFactor", "bayes_factor", "bayes_factor_reading"]

SOURCE = "Ly, Verhagen and Wagenmakers 2016"
# Lee and Wagenmakers (2013), table 7.1, after Jeffreys (1961): from this factor on, this word.
GRADES = ((100.0, "extreme"), (30.0, "very strong"), (10.0, "strong"), (3.0, "moderate"),
          (1.0, "weak (anecdotal)"))  # fmt: skip
HIGHEST = 1e300


@dataclass(frozen=True, eq=False)
class BayesFactor(Drawn):
    """A Bayes factor, for and against a correlation over workers.

    Attributes
    ----------
    predictor, outcome : str
        The worker's value, and the answers whose mean a worker has.
    correlation : float
        Pearson's.
    for_association, for_none : float
        BF10 and its inverse BF01; NaN with the reason in ``note``, infinite where too large to
        be held.
    width : float
        Of the prior.
    n_groups : int
        Workers.
    reading : str
        In words, with the scale of these words.
    notes : tuple of str
        What a reader has to know.
    note : str
        Why there is none.
    """

    _figure: ClassVar[str] = "plot_bayes_factor"

    predictor: str
    outcome: str
    correlation: float
    for_association: float
    for_none: float
    width: float
    n_groups: int
    reading: str
    notes: tuple[str, ...]
    note: str = ""

    def to_companion(self) -> Companion:
        """Return the line of the panel; its estimate is ``for_association``."""
        line = Companion.missing(
            "Bayes factor of the correlation",
            "Bayes factor, association against none",
            self.note or self.reading,
            source=SOURCE,
        )
        return replace(line, estimate=self.for_association)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a direction, unrounded."""
        return pd.DataFrame(
            {
                "evidence_for": ["association", "none"],
                "bayes_factor": [self.for_association, self.for_none],
                "correlation": self.correlation,
                "n_groups": self.n_groups,
                "width": self.width,
                "note": self.note,
            }
        )

    def summary(self) -> str:
        """Return the evidence as a text for people."""
        texts = [self.note or self.reading, *(f"Note: {note}" for note in self.notes)]
        return "\n".join(line for text in texts for line in wrapped(text))


def bayes_factor(
    sums: GroupSums, predictor: str, outcome: str, *, width: float = 1.0
) -> BayesFactor:
    """Weigh a correlation over workers against none.

    Parameters
    ----------
    sums : GroupSums
        With the predictor and the outcome among its columns.
    predictor, outcome : str
        Its columns.
    width : float, default 1.0
        Width of the stretched beta prior on the correlation: 1 holds all values from -1 to 1 for
        equally likely beforehand, less holds small ones for likelier. Above 0, at most 2.

    Returns
    -------
    BayesFactor
        Two-sided, for and against.

    Raises
    ------
    ModelError
        Where ``width`` is out of its range.

    References
    ----------
    Ly, A., Verhagen, J., & Wagenmakers, E.-J. (2016). Harold Jeffreys's default Bayes factor
    hypothesis tests. Journal of Mathematical Psychology, 72, 19-32. Equation 25.
    Lee, M. D., & Wagenmakers, E.-J. (2013). Bayesian cognitive modeling: a practical course.
    Cambridge University Press. Table 7.1.

    Examples
    --------
    >>> from relsurvey.moments.group_rows import group_sums
    >>> data = {"worker": list("abcdef"), "x": [1, 2, 3, 4, 5, 6], "y": [2, 1, 4, 3, 6, 9]}
    >>> found = bayes_factor(group_sums(data, ["x", "y"], "worker"), "x", "y")
    >>> round(found.for_association, 2), round(found.for_none, 2)
    (4.91, 0.2)
    """
    width = require_number("width", width, lowest=0.0, below=2.0 + 1e-12)
    if width == 0:
        raise ModelError("width has to be above 0; it is 0.", hint="Usual: width=1.")
    x, y = (sums.means[:, sums.place(name)] for name in (predictor, outcome))
    found = correlate(x, y, 0.95)
    note = "all workers have the same mean outcome" if sums.equal_means(outcome) else found.note
    factor = math.nan if note else correlation_bayes_factor(found.r, len(x), width)
    if not note and math.isnan(factor):
        note = "the Bayes factor cannot be worked out for these values"
    against = 1.0 / factor if factor > 0 else math.nan
    notes = ["Every worker counts the same, however many answered; not adjusted for covariates."]
    if sums.n_parents > 1:
        notes.append(f"Workers are taken as independent, whatever their {sums.nested_in}.")
    return BayesFactor(
        predictor, outcome, math.nan if note else found.r, factor, against, width, sums.n_groups,
        "" if note else bayes_factor_reading(factor), tuple(notes), note,
    )  # fmt: skip


def bayes_factor_reading(factor: float) -> str:
    """Say in words for which side the data speak, and how much.

    Examples
    --------
    >>> print(bayes_factor_reading(5.2))
    The workers' values are 5.2 times as likely if there is a correlation as if there is none:
    moderate evidence for one (words of Lee and Wagenmakers 2013).
    >>> print(bayes_factor_reading(0.2))
    The workers' values are 5 times as likely if there is no correlation as if there is one:
    moderate evidence for none (words of Lee and Wagenmakers 2013).
    """
    larger = max(factor, 1.0 / factor) if factor > 0 else math.inf
    grade = next(word for least, word in GRADES if larger >= least)
    times = "more than 1e300" if larger > HIGHEST else f"{larger:.3g}"
    if 1000 <= larger < 1e9:
        times = f"{larger:,.0f}"
    first, second, which = ("a correlation", "there is none", "one")
    if factor < 1:
        first, second, which = ("no correlation", "there is one", "none")
    return (
        f"The workers' values are {times} times as likely if there is {first} as if {second}: "
        f"{grade} evidence for {which} (words of Lee and Wagenmakers 2013)."
    )
