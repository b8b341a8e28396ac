"""What a model leaves over: residuals and random intercepts summarised, nobody named."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import chdtrc, fdtrc

from relsurvey.association.models.fitted import fit_of
from relsurvey.association.models.likelihood import Floats
from relsurvey.association.models.names import RESIDUAL
from relsurvey.association.models.random_effects import RandomEffects, random_effects
from relsurvey.association.models.residual_rows import ResidualRows, residual_rows
from relsurvey.errors import ModelError
from relsurvey.linkage import Linked
from relsurvey.results import Drawn
from relsurvey.small_groups import USUAL_THRESHOLD, require_threshold
from relsurvey.text import aligned, number, p_value_text, readable, share

if TYPE_CHECKING:
    from relsurvey.association.models.fit import MixedFit
    from relsurvey.association.models.mixed import MixedResult

__all__ = ["ResidualSummary", "residual_summary"]

FEWEST_ROWS = 5  # of a group, for its own variance to say something
STRONG_SKEW = 1.0
ROUNDING = 1e-9  # of the values, for answers at the top of the scale
NO_ROWS = "needs the rows: give data="


@dataclass(frozen=True, eq=False)
class ResidualSummary(Drawn):
    """Residuals of rows and random intercepts of groups, as figures over all of them.

    Attributes
    ----------
    outcome : str
        The outcome.
    table : pandas.DataFrame
        One row a level, "residual" first: level, n, model_sd (from the model's variance),
        sd (of what was predicted, divisor n - 1), skewness, kurtosis (excess over the normal),
        mean_shrinkage (share by which random intercepts are pulled to zero, on average), note.
    bartlett, bartlett_df, bartlett_p : float
        Bartlett's test of equal residual variance in all groups of at least 5 rows; sensitive to
        skewed residuals.
    levene, levene_df1, levene_df2, levene_p : float
        The Brown-Forsythe test of the same, from medians; NaN without the rows.
    n_groups_compared : int
        Groups in these tests.
    at_highest : float
        Share of rows whose outcome is at ``highest``, the top of the scale; NaN where it is not
        given.
    highest : float
        The top of the scale; NaN where it is not given.
    notes : tuple of str
        What a reader has to know.
    """

    _figure: ClassVar[str] = "plot_residuals"

    outcome: str
    table: pd.DataFrame
    bartlett: float
    bartlett_df: float
    bartlett_p: float
    levene: float
    levene_df1: float
    levene_df2: float
    levene_p: float
    n_groups_compared: int
    at_highest: float
    highest: float
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row a level, unrounded."""
        return self.table.copy()

    def _short_text(self) -> str:
        row = self.table.to_dict("records")[0]
        return (
            f"Residuals of {self.outcome}: SD {_written(row['sd'])}, skewness "
            f"{number(row['skewness'])}, excess kurtosis {number(row['kurtosis'])}."
        )

    def summary(self) -> str:
        """Return the figures as a text for people."""
        rows = [
            {
                "level": str(row["level"]),
                "SD": _written(row["sd"]),
                "SD in the model": _written(row["model_sd"]),
                "skewness": number(row["skewness"]),
                "kurtosis": number(row["kurtosis"]),
                "shrinkage": share(row["mean_shrinkage"]),
                "note": str(row["note"]),
            }
            for row in self.table.to_dict("records")
        ]
        lines = [f"Residuals of {self.outcome}", "", *aligned(rows, left=["level", "note"])]
        tests = [("Brown-Forsythe", self.levene_p), ("Bartlett", self.bartlett_p)]
        said = [f"{name} {p_value_text(p)}" for name, p in tests if not math.isnan(p)]
        if said:
            lines += ["", f"Residual variance the same in all groups: {', '.join(said)}"]
        if not math.isnan(self.at_highest):
            lines.append(f"At the top of the scale ({self.highest:g}): {share(self.at_highest)}")
        return "\n".join([*lines, *(f"Note: {note}" for note in self.notes)])


def residual_summary(
    result: MixedResult,
    data: Any = None,
    *,
    highest: float | None = None,
    threshold: int = USUAL_THRESHOLD,
) -> ResidualSummary:
    """Summarise residuals and random intercepts of a model.

    Parameters
    ----------
    result : MixedResult
        A model of two or three levels.
    data : frame, mapping of arrays or Linked, optional
        The table it was fitted to, which is read once more: the shape of the residuals of rows is
        not in the sums. Without it, that is NaN.
    highest : float, optional
        The top of the outcome's scale, for the share of rows at it.
    threshold : int, default 10
        Fewest groups whose random intercepts are described; the spread of fewer would tell of
        each.

    Returns
    -------
    ResidualSummary
        Figures over all rows and all groups; no group is named.

    Raises
    ------
    ModelError
        Where ``data`` is not the table of the fit, values lie above ``highest``, or
        ``threshold`` is below 5.

    Notes
    -----
    Skewness is m3 / m2^1.5 and kurtosis m4 / m2^2 - 3, with m the central moments (divisor n).
    Predicted random intercepts are pulled towards zero, so that their SD is below the model's,
    and their shape nearer to the normal than that of what they predict (Verbeke & Lesaffre).

    References
    ----------
    Bartlett, M. S. (1937). Properties of sufficiency and statistical tests. Proceedings of the
    Royal Society A, 160(901), 268-282.
    Brown, M. B., & Forsythe, A. B. (1974). Robust tests for the equality of variances. Journal
    of the American Statistical Association, 69(346), 364-367.
    Verbeke, G., & Lesaffre, E. (1996). A linear mixed-effects model with heterogeneity in the
    random-effects population. Journal of the American Statistical Association, 91(433), 217-221.

    Examples
    --------
    >>> from relsurvey.association.models.mixed import fit_mixed
    >>> data = {"worker": list("aabbccdd"), "y": [2.0, 4.0, 3.0, 5.0, 8.0, 9.0, 7.0, 9.0]}
    >>> left = residual_summary(fit_mixed(data, "y", None, "worker"), data, highest=9)
    >>> left.to_frame()[["level", "n", "model_sd", "sd", "skewness"]].round(2)
          level  n  model_sd   sd  skewness
    0  residual  8      1.27  1.0     -0.19
    1    worker  4      2.63  NaN       NaN
    >>> left.at_highest
    0.25
    """
    fit = fit_of(result)
    threshold = require_threshold(threshold)
    effects = random_effects(fit)
    frame = data.frame if isinstance(data, Linked) else data
    rows = None if frame is None else residual_rows(fit, frame, effects.mean_residuals)
    table = _table(fit, effects, rows, threshold)
    squares, counts = _squares(fit, rows)
    compared = counts >= FEWEST_ROWS
    bartlett = _bartlett(squares[compared], counts[compared])
    levene = _levene(rows, compared) if rows is not None else (math.nan,) * 4
    at_highest = _at_highest(rows, highest, fit.outcome)
    return ResidualSummary(
        fit.outcome, table, *bartlett, *levene, int(compared.sum()), at_highest,
        math.nan if highest is None else float(highest),
        tuple(_notes(table, int(compared.sum()), has_rows=rows is not None)),
    )  # fmt: skip


def _written(value: float) -> str:
    """Write an SD of any size; ``n/a`` where there is none."""
    return number(value) if math.isnan(value) else readable(value)


def _shape(values: Floats) -> dict[str, float]:
    """Return SD, skewness and excess kurtosis; NaN where nothing varies."""
    off = values - values.mean() if len(values) else values
    square = float(np.mean(off**2)) if len(values) else 0.0
    if len(values) < 2 or square == 0:
        return {"sd": 0.0 if len(values) > 1 else math.nan, "skewness": math.nan,
                "kurtosis": math.nan}  # fmt: skip
    return {
        "sd": float(values.std(ddof=1)),
        "skewness": float(np.mean(off**3)) / square**1.5,
        "kurtosis": float(np.mean(off**4)) / square**2 - 3.0,
    }


def _table(
    fit: MixedFit, effects: RandomEffects, rows: ResidualRows | None, threshold: int
) -> pd.DataFrame:
    sums = fit.sums
    if rows is None:
        shape = {"sd": _pooled_sd(fit, effects), "skewness": math.nan, "kurtosis": math.nan}
    else:
        shape = _shape(rows.residuals)
    of_rows = {"level": RESIDUAL, "n": sums.n_rows, **shape, "mean_shrinkage": math.nan}
    table = [of_rows | {"note": "" if rows is not None else f"the shape {NO_ROWS}"}]
    levels = [(sums.group, effects.groups, effects.groups_pulled)]
    if sums.nested_in is not None:
        levels.append((sums.nested_in, effects.units, effects.units_pulled))
    for name, values, pulled in levels:
        shape, note = _shape(values), ""
        if fit.variances[name] == 0:
            note = "the variance is estimated as zero, and so is every random intercept"
        elif len(values) < threshold:
            shape = dict.fromkeys(shape, math.nan)
            note = f"fewer than {threshold}: what is said of so few would tell of each"
        table.append({"level": name, "n": len(values), **shape,
                      "mean_shrinkage": float(pulled.mean()), "note": note})  # fmt: skip
    frame = pd.DataFrame(table)
    frame.insert(2, "model_sd", [math.sqrt(fit.variances[name]) for name in frame["level"]])
    return frame


def _direction(fit: MixedFit) -> tuple[list[int], Floats]:
    """Return the columns and weights that make the residual of standardised columns."""
    sums = fit.sums
    chosen = [*(sums.place(name) for name in fit.predictors), sums.place(fit.outcome)]
    return chosen, np.append(-fit.effects[1:], 1.0) * sums.units[chosen]


def _pooled_sd(fit: MixedFit, effects: RandomEffects) -> float:
    """Return the SD of the residuals of all rows, from the sums."""
    chosen, weights = _direction(fit)
    counts, means = fit.sums.counts, effects.mean_residuals
    squares = float(weights @ fit.sums.within[np.ix_(chosen, chosen)] @ weights)
    squares += float(counts @ means**2) - float(counts @ means) ** 2 / fit.sums.n_rows
    return math.sqrt(squares / (fit.sums.n_rows - 1))


def _squares(fit: MixedFit, rows: ResidualRows | None) -> tuple[Floats, Floats]:
    """Return squared deviations from the group's mean residual, and rows, of each group.

    There are none where neither the rows nor the cross-products of each group are known.
    """
    sums = fit.sums
    if rows is not None:
        off = rows.residuals - (np.bincount(rows.groups, rows.residuals) / sums.counts)[rows.groups]
        return np.bincount(rows.groups, off**2).astype(np.float64), sums.counts
    if sums.within_each is None:
        return np.zeros(0), np.zeros(0)
    chosen, weights = _direction(fit)
    each = sums.within_each[:, chosen][:, :, chosen]
    squares: Floats = np.einsum("jab,a,b->j", each, weights, weights)
    return squares, sums.counts


def _bartlett(squares: Floats, counts: Floats) -> tuple[float, float, float]:
    """Return Bartlett's statistic, its degrees of freedom and p value."""
    if len(squares) < 2 or not (squares > 0).all():
        return math.nan, math.nan, math.nan
    df = counts - 1.0
    total = float(df.sum())
    statistic = total * math.log(float(squares.sum()) / total) - float(df @ np.log(squares / df))
    k = len(squares)
    statistic /= 1.0 + (float((1.0 / df).sum()) - 1.0 / total) / (3.0 * (k - 1))
    return statistic, float(k - 1), float(chdtrc(k - 1, statistic))


def _levene(
    rows: ResidualRows, compared: npt.NDArray[np.bool_]
) -> tuple[float, float, float, float]:
    """Return the Brown-Forsythe statistic, its degrees of freedom and p value."""
    keep = compared[rows.groups]
    k = int(compared.sum())
    if k < 2:
        return (math.nan,) * 4
    frame = pd.DataFrame({"group": rows.groups[keep], "residual": rows.residuals[keep]})
    grouped = frame.groupby("group", sort=False)["residual"]
    off = (frame["residual"] - grouped.transform("median")).abs()
    means = off.groupby(frame["group"], sort=False).transform("mean")
    within = float(((off - means) ** 2).sum())
    if within <= 0:
        return (math.nan,) * 4
    df1, df2 = float(k - 1), float(len(frame) - k)
    statistic = float(((means - off.mean()) ** 2).sum()) / df1 / (within / df2)
    return statistic, df1, df2, float(fdtrc(df1, df2, statistic))


def _at_highest(rows: ResidualRows | None, highest: float | None, outcome: str) -> float:
    if rows is None or highest is None:
        return math.nan
    top = float(rows.outcome.max())
    room = ROUNDING * max(abs(highest), 1.0)
    if top > highest + room:
        raise ModelError(
            f"{outcome!r} goes up to {top:g}, above highest={highest:g}.",
            hint="highest= is the top of the outcome's scale.",
        )
    return float(np.mean(rows.outcome >= highest - room))


def _notes(table: pd.DataFrame, n_compared: int, *, has_rows: bool) -> list[str]:
    notes = [
        f"{'Residuals' if row['level'] == RESIDUAL else 'Random intercepts of ' + row['level']} "
        f"are skewed ({number(row['skewness'])}): look at the bootstrap and the permutation test "
        "beside the model."
        for row in table.to_dict("records")
        if abs(row["skewness"]) >= STRONG_SKEW
    ]
    if n_compared < 2:
        why = "fewer than two groups have 5 rows" if has_rows else NO_ROWS
        notes.append(f"Residual variances of groups were not compared: {why}.")
    return notes
