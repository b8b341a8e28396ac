"""Does the answer hang on one worker, or on one team: every group left out once."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from relsurvey.association.models.fewest import fewest_to_change
from relsurvey.association.models.fit import MixedFit, fit_sums
from relsurvey.association.models.refits import NUMBERS, focus_numbers, refit_without
from relsurvey.errors import ModelError, listed, suggestion
from relsurvey.moments.groups import GroupSums
from relsurvey.options import require_choice, require_confidence
from relsurvey.results import Drawn
from relsurvey.text import readable

__all__ = ["LEVELS", "LeaveOneOut", "leave_one_out"]

LEVELS = ("group", "parent")


@dataclass(frozen=True, eq=False)
class LeaveOneOut(Drawn):
    """How far one effect moves when a group is left out.

    Attributes
    ----------
    outcome, focus : str
        The outcome and the effect looked at.
    level : str
        The column whose groups were left out one at a time.
    n_groups, n_fitted : int
        How many there are, and without how many the model could be fitted.
    estimate, conf_low, conf_high : float
        With all groups.
    lowest, highest : float
        The smallest and largest estimate with one group left out.
    largest_change : float
        The estimate furthest from that of all groups, less it.
    largest_dfbetas : float
        The largest change in standard errors of the fit without the group, sign dropped.
    largest_cooks_distance : float
        Of all fixed effects together.
    n_sign_changes, n_verdict_changes : int
        Groups without which, alone, the estimate has the other sign; or the interval excludes
        zero where it did not, or the other way round.
    fewest_for_sign, fewest_for_verdict : int or None
        How many groups, chosen for it, need at most to be left out together for that; ``None``
        where it was not reached.
    sentence : str
        What was found, in plain English.
    notes : tuple of str
        What a reader has to know.
    groups : pandas.DataFrame
        Personal data, for the analyst alone: one row a group, with its id, n_rows, estimate,
        std_error, df, conf_low, conf_high, change, dfbetas, cooks_distance, note. Not in
        ``to_frame``, ``to_dict`` or ``summary``.
    """

    _figure: ClassVar[str] = "plot_left_out"

    outcome: str
    focus: str
    level: str
    n_groups: int
    n_fitted: int
    estimate: float
    conf_low: float
    conf_high: float
    lowest: float
    highest: float
    largest_change: float
    largest_dfbetas: float
    largest_cooks_distance: float
    n_sign_changes: int
    n_verdict_changes: int
    fewest_for_sign: int | None
    fewest_for_verdict: int | None
    sentence: str
    notes: tuple[str, ...]
    groups: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """Return one row with every figure, unrounded; no group is named."""
        fields = {key: value for key, value in vars(self).items() if key not in ("groups", "notes")}
        return pd.DataFrame([fields])

    def to_dict(self) -> dict[str, Any]:
        """Return every field but ``groups``, ready for ``json.dumps``."""
        return {key: value for key, value in super().to_dict().items() if key != "groups"}

    def summary(self) -> str:
        """Return the figures as a text for people, in which no group is named."""
        lines = [
            f"{self.focus} on {self.outcome}, each {self.level} left out once",
            "",
            self.sentence,
            f"Estimate {readable(self.estimate)} with all; from {readable(self.lowest)} to "
            f"{readable(self.highest)} with one left out. Largest DFBETAS "
            f"{readable(self.largest_dfbetas)}, largest Cook's distance "
            f"{readable(self.largest_cooks_distance)}.",
        ]
        return "\n".join([*lines, *(f"Note: {note}" for note in self.notes)])


def leave_one_out(
    sums: GroupSums,
    outcome: str,
    terms: tuple[str, ...],
    *,
    focus: str,
    df: str = "satterthwaite",
    confidence: float = 0.95,
    level: str = "group",
    reml: bool = True,
) -> LeaveOneOut:
    """Fit the model again without each group, and say how much hangs on it.

    Parameters
    ----------
    sums : GroupSums
        Made with ``each_within=True``.
    outcome : str
        The outcome.
    terms : tuple of str
        The predictors of the model.
    focus : str
        The predictor looked at.
    df : str, default "satterthwaite"
        Degrees of freedom, as for ``fit_sums``.
    confidence : float, default 0.95
        Coverage of the intervals.
    level : {"group", "parent"}
        Whether groups (workers) are left out, or the larger units (teams) with all their groups.
    reml : bool, default True
        The criterion.

    Returns
    -------
    LeaveOneOut
        Exact refits, from the sums: the rows are not read again.

    Raises
    ------
    ModelError
        Where ``focus`` is not among ``terms``, an option is not known, there is no larger unit,
        or the model of all groups cannot be fitted.

    Notes
    -----
    DFBETAS is (b - b_j) / se_j, with b_j and se_j from the fit without the group; Cook's distance
    is (b - b_j)' C^-1 (b - b_j) / p over all p fixed effects, with C their covariance in the fit
    of all groups.
    The fewest groups that change the sign or the verdict are looked for in the order of how far
    each alone moves it, and every set is fitted: there may be a smaller set, so the number is an
    upper limit. At most half of all groups are left out.

    References
    ----------
    Belsley, D. A., Kuh, E., & Welsch, R. E. (1980). Regression diagnostics. Wiley, section 2.1.
    Cook, R. D. (1977). Detection of influential observation in linear regression. Technometrics,
    19(1), 15-18.
    Broderick, T., Giordano, R., & Meager, R. (2020). An automatic finite-sample robustness
    metric: When can dropping a little data make a big difference? arXiv 2011.14999.

    Examples
    --------
    >>> from relsurvey.moments.group_rows import group_sums
    >>> data = {"worker": list("aabbccddee"), "x": [1, 1, 2, 2, 3, 3, 4, 4, 5, 5],
    ...         "y": [2.0, 4.0, 3.0, 5.0, 8.0, 9.0, 7.0, 9.0, 9.0, 10.0]}
    >>> sums = group_sums(data, ["x", "y"], "worker", each_within=True)
    >>> without = leave_one_out(sums, "y", ("x",), focus="x")
    >>> round(without.estimate, 2), round(without.lowest, 2), round(without.highest, 2)
    (1.7, 1.57, 1.95)
    """
    _require(sums, terms, focus, level)
    require_confidence(confidence)
    fit = fit_sums(sums, outcome, terms, reml=reml, df=df)
    place = 1 + terms.index(focus)
    column, codes, ids = _units(sums, level)
    whole = focus_numbers(fit, place, confidence)
    table = _each(fit, (codes, ids), place, confidence)
    table.insert(0, column if column not in table else f"{column} (id)", ids)
    changes = _changes(table, whole)
    fewest = fewest_to_change(fit, codes, table, whole, focus=place, confidence=confidence)
    n_fitted = int(table["estimate"].notna().sum())
    n_verdicts = int(changes["verdict"].sum())
    return LeaveOneOut(
        outcome=outcome,
        focus=focus,
        level=column,
        n_groups=len(ids),
        n_fitted=n_fitted,
        estimate=whole["estimate"],
        conf_low=whole["conf_low"],
        conf_high=whole["conf_high"],
        lowest=float(table["estimate"].min()),
        highest=float(table["estimate"].max()),
        largest_change=_furthest(table["change"]),
        largest_dfbetas=float(table["dfbetas"].abs().max()),
        largest_cooks_distance=float(table["cooks_distance"].max()),
        n_sign_changes=int(changes["sign"].sum()),
        n_verdict_changes=n_verdicts,
        fewest_for_sign=fewest["sign"],
        fewest_for_verdict=fewest["verdict"],
        sentence=_sentence((column, focus), whole, (n_fitted, n_verdicts), fewest["verdict"]),
        notes=tuple(_notes(column, len(ids), n_fitted, int(changes["sign"].sum()))),
        groups=table,
    )


def _require(sums: GroupSums, terms: tuple[str, ...], focus: str, level: str) -> None:
    require_choice("level", level, LEVELS, ModelError)
    if focus not in terms:
        near = suggestion(str(focus), terms)
        raise ModelError(
            f"focus={focus!r} is not among the predictors."
            + (f" Did you mean {near!r}?" if near else ""),
            hint=f"They are: {listed(terms) or 'none'}.",
        )
    if level == "parent" and sums.nested_in is None:
        raise ModelError(
            f"{sums.group} belong to no larger unit in this model, so none can be left out.",
            hint="Use level='group', or a model with a level for teams.",
        )
    if sums.within_each is None:
        raise ModelError(
            "Groups can only be left out of sums that hold each group's cross-products.",
            hint="Make them with each_within=True.",
        )


def _units(
    sums: GroupSums, level: str
) -> tuple[str, npt.NDArray[np.intp], npt.NDArray[np.object_]]:
    """Return the column, which unit each group goes with, and the units' ids."""
    if level == "group" or sums.parents is None or sums.parent_ids is None:
        return sums.group, np.arange(sums.n_groups), sums.ids
    return str(sums.nested_in), sums.parents, sums.parent_ids


def _each(
    fit: MixedFit,
    units: tuple[npt.NDArray[np.intp], npt.NDArray[np.object_]],
    place: int,
    confidence: float,
) -> pd.DataFrame:
    """Fit without each unit, one row each."""
    codes, ids = units
    n_rows = np.bincount(codes, weights=fit.sums.counts, minlength=len(ids))
    rows = []
    for unit in range(len(ids)):
        without = refit_without(fit, codes == unit)
        numbers = focus_numbers(without, place, confidence)
        change = numbers["estimate"] - fit.effects[place]
        rows.append(
            {
                "n_rows": int(n_rows[unit]),
                **numbers,
                "change": change,
                "dfbetas": -change / numbers["std_error"],
                "cooks_distance": _cooks_distance(fit, without),
                "note": without.message if isinstance(without, ModelError) else "",
            }
        )
    names = ["n_rows", *NUMBERS, "change", "dfbetas", "cooks_distance", "note"]
    return pd.DataFrame(rows, columns=names)


def _cooks_distance(fit: MixedFit, without: MixedFit | ModelError) -> float:
    """Return the distance of all effects, on the standardised columns that both fits share."""
    if isinstance(without, ModelError):
        return math.nan
    moved = fit.best.effects - without.best.effects
    precision = np.linalg.inv(fit.best.inverse) / fit.best.residual_variance
    return float(moved @ precision @ moved) / len(moved)


def _changes(table: pd.DataFrame, whole: dict[str, float]) -> dict[str, pd.Series]:
    fitted = table["estimate"].notna()
    excluded = (table["conf_low"] > 0) | (table["conf_high"] < 0)
    was = whole["conf_low"] > 0 or whole["conf_high"] < 0
    return {
        "sign": fitted & (np.sign(table["estimate"]) != np.sign(whole["estimate"])),
        "verdict": fitted & (excluded != was),
    }


def _furthest(changes: pd.Series) -> float:
    values = changes.dropna().to_numpy()
    return float(values[np.abs(values).argmax()]) if len(values) else math.nan


def _sentence(
    names: tuple[str, str], whole: dict[str, float], counts: tuple[int, int], fewest: int | None
) -> str:
    (column, focus), (n_fitted, n_verdicts) = names, counts
    if not n_fitted:
        return f"There are too few {column} for any to be left out."
    was = whole["conf_low"] > 0 or whole["conf_high"] < 0
    verdict = "excludes zero" if was else "includes zero"
    if n_verdicts:
        return (
            f"The interval of {focus} {verdict} with every {column} in, and no longer does when "
            f"any one of {n_verdicts:,} is left out: the answer hangs on single {column}."
        )
    held = f"The interval of {focus} {verdict} whichever {column} is left out"
    if fewest is None:
        return f"{held}; of the sets looked at, up to half of all, none changes that."
    return f"{held}; leaving out {fewest:,} together, chosen for it, changes that."


def _notes(column: str, n_units: int, n_fitted: int, n_signs: int) -> list[str]:
    notes = []
    if n_fitted < n_units:
        notes.append(
            f"Without any one of {n_units - n_fitted:,} of the {n_units:,} {column} the model "
            "cannot be fitted: nothing else makes a predictor vary, or too few are left."
        )
    if n_signs:
        notes.append(f"Without any one of {n_signs:,} {column} the estimate has the other sign.")
    return notes
