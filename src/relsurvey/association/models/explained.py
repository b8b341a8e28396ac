"""How much of the variance goes with the predictors: R-squared, by level and by source."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from relsurvey.association.models.fitted import fit_of
from relsurvey.results import Drawn
from relsurvey.text import aligned, number

if TYPE_CHECKING:
    from relsurvey.association.models.fit import MixedFit
    from relsurvey.association.models.mixed import MixedResult

__all__ = ["RSquared", "r_squared"]

TOTAL = "total"
PREDICTORS = "predictors"
INTERCEPTS = "random intercepts"


@dataclass(frozen=True, eq=False)
class RSquared(Drawn):
    """Shares of the outcome's variance, as the model accounts for it.

    Attributes
    ----------
    outcome : str
        The outcome.
    marginal, conditional : float
        Share that goes with the predictors, and with predictors and random intercepts together
        (Nakagawa, Johnson & Schielzeth).
    components : pandas.DataFrame
        One row a part of the model's variance: level, source, symbol, variance (squared units of
        the outcome).
    table : pandas.DataFrame
        One row a measure: of (all variance, or that of one level), level, source, symbol,
        r_squared, note. NaN where there is no variance of that level, with the reason.
    notes : tuple of str
        What a reader has to know.
    """

    _figure: ClassVar[str] = "plot_explained"

    outcome: str
    marginal: float
    conditional: float
    components: pd.DataFrame
    table: pd.DataFrame
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row a measure, unrounded."""
        return self.table.copy()

    def summary(self) -> str:
        """Return the shares as a text for people."""
        rows = [
            {
                "share of": str(row["of"]),
                "that goes with": str(row["source"]),
                "on the level": str(row["level"]),
                "R2": number(row["r_squared"], 3),
            }
            for row in self.table.to_dict("records")
        ]
        lines = [
            f"R-squared of {self.outcome}: marginal {number(self.marginal, 3)} (predictors), "
            f"conditional {number(self.conditional, 3)} (with random intercepts)",
            "",
            *aligned(rows, left=["share of", "that goes with", "on the level"]),
        ]
        return "\n".join([*lines, *(f"Note: {note}" for note in self.notes)])


def r_squared(result: MixedResult) -> RSquared:
    """Divide the variance of the outcome by level and by source.

    Parameters
    ----------
    result : MixedResult
        A model of two or three levels, by either likelihood.

    Returns
    -------
    RSquared
        Marginal and conditional R-squared, and the shares within and between groups.

    Notes
    -----
    The variance of the linear predictor X b over rows (divisor n - 1) is divided into that of its
    deviations from the group means (f1) and that of the group means (f2); with the variance of
    the random intercepts (m) and the residual variance they are the model's whole variance.
    Marginal R-squared is (f1 + f2) / total, conditional (f1 + f2 + m) / total. Rights and Sterba
    give the same parts for predictors centred on their group means and for those means; for a
    predictor that was not split, its one coefficient counts on both levels here.
    With three levels f2 is divided once more, into differences between groups of one unit and
    differences between units (f3), each beside its random intercept: their scheme, carried one
    level further.

    References
    ----------
    Nakagawa, S., Johnson, P. C. D., & Schielzeth, H. (2017). The coefficient of determination R2
    and intra-class correlation coefficient from generalized linear mixed-effects models
    revisited and expanded. Journal of the Royal Society Interface, 14(134), 20170213.
    Rights, J. D., & Sterba, S. K. (2019). Quantifying explained variance in multilevel models: An
    integrative framework for defining R-squared measures. Psychological Methods, 24(3), 309-338,
    equations 9 to 20.

    Examples
    --------
    >>> from relsurvey.association.models.mixed import fit_mixed
    >>> data = {"worker": list("aabbccdd"), "x": [1, 1, 2, 2, 3, 3, 4, 4],
    ...         "y": [2.0, 4.0, 3.0, 5.0, 8.0, 9.0, 7.0, 9.0]}
    >>> explained = r_squared(fit_mixed(data, "y", "x", "worker"))
    >>> round(explained.marginal, 3), round(explained.conditional, 3)
    (0.652, 0.805)
    """
    fit = fit_of(result)
    levels = [f"within {fit.sums.group}", *(f"between {name}" for name in fit.levels)]
    predicted = _predicted(fit)
    random = [fit.variances[name] for name in fit.levels]
    residual = fit.residual_variance
    total = sum(predicted) + sum(random) + residual
    components: list[dict[str, Any]] = [
        {"level": level, "source": PREDICTORS, "symbol": f"f{place}", "variance": variance}
        for place, (level, variance) in enumerate(zip(levels, predicted, strict=True), start=1)
    ]
    components += [
        {"level": level, "source": INTERCEPTS, "symbol": _random_symbol(place), "variance": value}
        for place, (level, value) in enumerate(zip(levels[1:], random, strict=True))
    ]
    rest = {"level": levels[0], "source": "residual", "symbol": "residual", "variance": residual}
    rows = [
        _measure(TOTAL, TOTAL, PREDICTORS, "f", (sum(predicted), total)),
        _measure(TOTAL, TOTAL, f"{PREDICTORS} and {INTERCEPTS}", "fm", (total - residual, total)),
    ]
    rows += [
        _measure(TOTAL, part["level"], part["source"], part["symbol"], (part["variance"], total))
        for part in components
    ]
    for level in levels:
        of_level = [part for part in components if part["level"] == level]
        whole = sum(part["variance"] for part in of_level) + residual * (level == levels[0])
        rows += [
            _measure(level, level, part["source"], part["symbol"], (part["variance"], whole))
            for part in of_level
        ]
    return RSquared(
        outcome=fit.outcome,
        marginal=sum(predicted) / total,
        conditional=(total - residual) / total,
        components=pd.DataFrame([*components, rest]),
        table=pd.DataFrame(rows),
        notes=tuple(_notes(fit)),
    )


def _random_symbol(place: int) -> str:
    return "m" if place == 0 else f"m{place + 1}"


def _measure(
    of: str, level: str, source: str, symbol: str, part_and_whole: tuple[float, float]
) -> dict[str, object]:
    part, whole = part_and_whole
    return {
        "of": of,
        "level": level,
        "source": source,
        "symbol": symbol,
        "r_squared": part / whole if whole > 0 else math.nan,
        "note": "" if whole > 0 else "the model has no variance on this level",
    }


def _predicted(fit: MixedFit) -> list[float]:
    """Return the variances of X b within groups, between groups, and between larger units."""
    sums = fit.sums
    chosen = [sums.place(name) for name in fit.predictors]
    weights = fit.effects[1:] * sums.units[chosen]
    divisor = sums.n_rows - 1
    within = float(weights @ sums.within[np.ix_(chosen, chosen)] @ weights) / divisor
    means = (sums.sums[:, chosen] / sums.counts[:, None]) @ weights
    centre = float(means @ sums.counts) / sums.n_rows
    if sums.parents is None:
        return [within, float((means - centre) ** 2 @ sums.counts) / divisor]
    rows = np.bincount(sums.parents, weights=sums.counts)
    of_units = np.bincount(sums.parents, weights=sums.counts * means) / rows
    between = float((means - of_units[sums.parents]) ** 2 @ sums.counts) / divisor
    return [within, between, float((of_units - centre) ** 2 @ rows) / divisor]


def _notes(fit: MixedFit) -> list[str]:
    sums = fit.sums
    notes = [
        f"The variance between {name} beyond the predictors is estimated as zero."
        for name in fit.levels
        if fit.variances[name] == 0
    ]
    if sums.nested_in is not None:
        notes.append(
            "With three levels the parts between groups are divided once more, by larger units: "
            "the two-level scheme carried one level further."
        )
    return notes
