"""What if answers are not missing at random: how far off may they be before the verdict turns."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from relsurvey.association.models.names import column_names
from relsurvey.errors import ModelError
from relsurvey.imputation.associate_imputed import ImputedAssociation, associate_imputed
from relsurvey.imputation.chain import Shift
from relsurvey.imputation.impute import impute_rows, where_from
from relsurvey.imputation.table import Rows, read_rows
from relsurvey.options import require_choice, require_confidence
from relsurvey.results import Drawn
from relsurvey.text import aligned, p_value_text, percent, readable

__all__ = ["DeltaResult", "delta_adjustment"]

USUAL_DELTAS = (-1.0, -0.75, -0.5, -0.25, 0.0, 0.25, 0.5, 0.75, 1.0)
WORKERS = ("all", "below_median", "above_median")
WHOSE = {
    "all": "all workers",
    "below_median": "workers below the median of {predictor}",
    "above_median": "workers at or above the median of {predictor}",
}


@dataclass(frozen=True, eq=False)
class DeltaResult(Drawn):
    """The association under a range of ways in which answers may be missing not at random.

    Attributes
    ----------
    outcome, predictor : str
        The columns.
    workers : str
        Whose imputed outcomes are shifted: "all", "below_median" or "above_median" of the
        predictor.
    table : pandas.DataFrame
        One row a delta, ascending: ``delta`` (standard deviations of the observed outcome),
        ``points`` (the same in points of the outcome), ``slope``, ``std_error``, ``df``,
        ``p_value``, ``conf_low``, ``conf_high`` and ``verdict``: "higher", "lower" or "not shown".
    tipping_below, tipping_above : float
        The delta, next to zero on either side, at which the verdict is no longer that of delta
        zero: where an end of the interval crosses zero, on a straight line between two deltas of
        the table. NaN where it stays the same as far as the deltas go.
    verdict : str
        At delta zero.
    primary : ImputedAssociation
        The analysis at delta zero.
    sentence : str
        What was found, in plain English.
    notes : tuple of str
        What a reader has to know.
    """

    _figure: ClassVar[str] = "plot_delta"

    outcome: str
    predictor: str
    workers: str
    table: pd.DataFrame
    tipping_below: float
    tipping_above: float
    verdict: str
    primary: ImputedAssociation
    sentence: str
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row a delta, unrounded."""
        return self.table.copy()

    def summary(self) -> str:
        """Return the slopes by delta as a text for people."""
        shown = [
            {
                "delta (SD)": f"{row['delta']:+.2f}",
                "slope": readable(row["slope"]),
                percent(self.primary.confidence): f"{readable(row['conf_low'])} to "
                f"{readable(row['conf_high'])}",
                "p": p_value_text(row["p_value"]).removeprefix("p ").removeprefix("= "),
                "verdict": row["verdict"],
            }
            for row in self.table.to_dict(orient="records")
        ]
        lines = [self.sentence, "", *aligned(shown, left=["verdict"])]
        return "\n".join([*lines, *(f"Note: {note}" for note in self.notes)])


def delta_adjustment(
    linked: Any,
    outcome: str,
    predictor: str,
    *,
    seed: int,
    covariates: str | Sequence[str] | None = (),
    predictors: str | Sequence[str] | None = (),
    group: str | None = None,
    team: str | None = None,
    group_columns: Sequence[str] | None = None,
    methods: Mapping[str, str] | None = None,
    deltas: Sequence[float] = USUAL_DELTAS,
    workers: str = "all",
    n_imputations: int = 20,
    iterations: int = 10,
    split_covariates: bool | Sequence[str] = True,
    confidence: float = 0.95,
    df: str = "auto",
) -> DeltaResult:
    """Shift imputed outcomes by more and more, and see when the verdict turns.

    Parameters
    ----------
    linked : Linked, frame or mapping of arrays
        One row a service user, the worker's values beside.
    outcome, predictor : str
        As in ``associate``.
    seed : int
        Of the imputations; every delta is seen with the same random numbers, so that nothing
        but delta differs between them.
    covariates, split_covariates, confidence, df
        As in ``associate_imputed``.
    predictors, group, team, group_columns, methods, n_imputations, iterations
        As in ``impute``.
    deltas : sequence of float
        In standard deviations of the observed outcome; zero is added where it is not there.
        Negative: those who did not answer had a worse experience than others like them.
    workers : {"all", "below_median", "above_median"}
        Whose service users are shifted, by the median of the predictor over workers: a shift for
        all hardly moves a slope, one for some does.

    Returns
    -------
    DeltaResult
        The slope at each delta, and the tipping points.

    Raises
    ------
    ModelError
        Where nothing is missing of the outcome, deltas are no numbers, or as in ``impute`` and
        ``associate_imputed``.

    References
    ----------
    Rubin, D. B. (1987). Multiple imputation for nonresponse in surveys. Wiley, section 6.2.
    van Buuren, S. (2018). Flexible imputation of missing data (2nd ed.), section 9.2.
    Cro, S., Morris, T. P., Kenward, M. G., & Carpenter, J. R. (2020). Sensitivity analysis for
    clinical trials with missing continuous outcome data using controlled multiple imputation.
    Statistics in Medicine, 39(21), 2815-2842.

    Examples
    --------
    >>> rng = np.random.default_rng(4)
    >>> worker = np.repeat(np.arange(30), 6)
    >>> x = np.repeat(rng.normal(size=30), 6)
    >>> y = 3 + 0.5 * x + rng.normal(size=180)
    >>> y[rng.random(180) < 0.2] = np.nan
    >>> found = delta_adjustment({"worker_id": worker, "x": x, "y": y}, "y", "x",
    ...                          group="worker_id", workers="below_median", seed=1,
    ...                          deltas=[-1, 1])
    >>> found.to_frame()["delta"].tolist()
    [-1.0, 0.0, 1.0]
    >>> bool(found.table["slope"].is_monotonic_decreasing)
    True
    """
    require_confidence(confidence)
    require_choice("workers", workers, WORKERS, ModelError)
    grid = _grid(deltas)
    frame, levels = where_from(linked, group, team)
    names = column_names(covariates, "covariates")
    columns = list(dict.fromkeys([outcome, predictor, *names,
                                  *column_names(predictors, "predictors")]))  # fmt: skip
    rows = read_rows(frame, columns, levels.group, levels.team, group_columns, (outcome, predictor))
    if not rows.missing[0].any():
        raise ModelError(
            f"No value of {outcome!r} is missing: there is nothing to shift.",
            hint="Use associate().",
        )
    unit = float(np.nanstd(rows.cells[0], ddof=1))
    found = []
    for delta in grid:
        imputed = impute_rows(
            rows, levels, methods=methods, n_imputations=n_imputations,
            iterations=iterations, seed=seed,
            shifts=() if delta == 0 else (_shift(rows, delta * unit, workers),),
            delta={outcome: delta},
        )  # fmt: skip
        found.append(
            associate_imputed(
                imputed, outcome, predictor, covariates=names, confidence=confidence, df=df,
                split_covariates=split_covariates,
            )
        )  # fmt: skip
    return _result(grid, unit, found, workers)


def _grid(deltas: Sequence[float]) -> list[float]:
    values = list(deltas) if isinstance(deltas, Sequence | np.ndarray) else []
    if not values or not all(isinstance(one, Real) and math.isfinite(one) for one in values):
        raise ModelError(
            f"deltas has to be a list of numbers; it is {deltas!r}.",
            hint="They count in standard deviations of the outcome: deltas=[-1, -0.5, 0.5, 1].",
        )
    return sorted({0.0, *map(float, values)})


def _shift(rows: Rows, amount: float, workers: str) -> Shift:
    if workers == "all":
        return Shift(0, amount)
    values = rows.one_each(rows.cells[1])
    return Shift(0, amount, 1, float(np.nanmedian(values)), workers == "below_median")


def _verdict(row: ImputedAssociation) -> str:
    if row.slope_low > 0:
        return "higher"
    return "lower" if row.slope_high < 0 else "not shown"


def _result(
    grid: Sequence[float], unit: float, found: Sequence[ImputedAssociation], workers: str
) -> DeltaResult:
    table = pd.DataFrame(
        {
            "delta": grid,
            "points": [delta * unit for delta in grid],
            "slope": [one.slope for one in found],
            "std_error": [one.std_error for one in found],
            "df": [one.df for one in found],
            "p_value": [one.p_value for one in found],
            "conf_low": [one.slope_low for one in found],
            "conf_high": [one.slope_high for one in found],
            "verdict": [_verdict(one) for one in found],
        }
    )
    zero = grid.index(0.0)
    primary, verdict = found[zero], _verdict(found[zero])
    below = _tipping(table.iloc[zero::-1])
    above = _tipping(table.iloc[zero:])
    whose = WHOSE[workers].format(predictor=primary.predictor)
    return DeltaResult(
        primary.outcome, primary.predictor, workers, table, below, above, verdict, primary,
        _sentence(primary, verdict, whose, (below, above), (grid[0], grid[-1])), primary.notes,
    )  # fmt: skip


def _tipping(away: pd.DataFrame) -> float:
    """Return the delta where the first verdict ends; the rows lead away from zero."""
    first = str(away["verdict"].iloc[0])
    changed = np.flatnonzero(away["verdict"].to_numpy() != first)
    if not len(changed):
        return math.nan
    last, next_ = away.iloc[changed[0] - 1], away.iloc[changed[0]]
    end = {"higher": "conf_low", "lower": "conf_high"}.get(first)
    if end is None:
        end = "conf_low" if next_["verdict"] == "higher" else "conf_high"
    share = float(last[end]) / (float(last[end]) - float(next_[end]))
    return float(last["delta"] + share * (next_["delta"] - last["delta"]))


def _sentence(
    primary: ImputedAssociation,
    verdict: str,
    whose: str,
    tipping: tuple[float, float],
    ends: tuple[float, float],
) -> str:
    x, y = primary.predictor, primary.outcome
    said = {
        "higher": f"a higher {y} where {x} is higher",
        "lower": f"a lower {y} where {x} is higher",
        "not shown": f"neither a higher nor a lower {y} where {x} is higher",
    }[verdict]
    start = (
        f"With missing answers imputed as like those given by similar people, the data show {said}"
    )
    turns = [
        f"{readable(abs(value))} standard deviations {way}"
        for value, way in zip(tipping, ("lower", "higher"), strict=True)
        if not math.isnan(value)
    ]
    if not turns:
        reach = f"from {readable(ends[0])} to {readable(ends[1])} standard deviations"
        return (
            f"{start}. This stays so when the answers missing from {whose} are taken to be off by "
            f"anything {reach}."
        )
    return (
        f"{start}. This would change if the answers missing from {whose} had been "
        f"{' or '.join(turns)} than that: whether so much is plausible has to be judged by those "
        "who know why people did not answer."
    )
