"""The result of ``specification_curve``: the table, what it comes to, and as a text."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from relsurvey.association.prepared import Prepared
from relsurvey.results import Drawn
from relsurvey.sensitivity.curve.dealings import STATISTICS
from relsurvey.sensitivity.curve.grid import CHOICES, NOBODY, Choices, Specification
from relsurvey.sensitivity.slope import FEW_WORKERS, MODELS, Slope
from relsurvey.text import (
    aligned,
    counted,
    number,
    p_value_text,
    percent,
    readable,
    remark,
    wrapped,
)

__all__ = ["SpecificationCurve", "chosen", "curve_result", "option_text"]

NAN = float("nan")
WITHOUT = "without "


@dataclass(frozen=True, eq=False)
class SpecificationCurve(Drawn):
    """Every combination of defensible choices, and what they say together.

    No worker or team is named in it, and no count of few people follows from it.

    Attributes
    ----------
    table : pandas.DataFrame
        One row a specification that could be fitted, in the order of the grid, the primary one
        first: ``specification`` (its number), the choices (``outcome, predictor, covariates,
        minimum_users, excluded, model``), ``estimate, conf_low, conf_high`` (standardised slope
        and interval), ``p_value``, ``slope`` (points per point), ``n_workers``,
        ``n_service_users`` (NaN where not to be shown), ``primary``; "without <name>" for each
        exclusion, whether it was made; ``same_direction``, ``excludes_zero`` (in the direction
        of the primary one).
    failed : pandas.DataFrame
        The choices of those that could not be fitted, and ``reason``.
    options : pandas.DataFrame
        ``choice, option, n, median, share_same_direction, share_excludes_zero``, for choices
        of which there were several. Of ``excluded``, an option is an exclusion, made alone or
        with others.
    moves : pandas.DataFrame
        ``choice, range, share_of_variance``: how far apart the mean estimates of a choice's
        options are, and which share of the variance of all estimates lies between them; the
        largest range first.
    exclusions : tuple of str
        What was left out or not.
    n_specifications, n_fitted : int
        Of the grid, and of ``table``.
    median, lowest, highest : float
        Of the standardised slopes.
    primary_estimate : float
        Standardised slope of the primary specification.
    share_same_direction : float
        Share of specifications whose slope has the sign of the primary one.
    share_excludes_zero : float
        Share with that sign and an interval that excludes zero.
    permutation : mapping of str to mapping
        Of ``median``, ``share`` and ``mean_t``: ``observed``, ``expected`` by chance (median
        size) and ``p_value``; empty without permutations. See ``specification_curve``.
    permutations : int
        Dealings of the scores.
    seed : int or None
        Of the random numbers.
    confidence : float
        Coverage of intervals.
    sentence : str
        What was found.
    notes : tuple of str
        What a reader has to know.
    """

    _figure: ClassVar[str] = "plot_specification_curve"

    table: pd.DataFrame
    failed: pd.DataFrame
    options: pd.DataFrame
    moves: pd.DataFrame
    exclusions: tuple[str, ...]
    n_specifications: int
    n_fitted: int
    median: float
    lowest: float
    highest: float
    primary_estimate: float
    share_same_direction: float
    share_excludes_zero: float
    permutation: Mapping[str, Mapping[str, float]]
    permutations: int
    seed: int | None
    confidence: float
    sentence: str
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row a specification; those that could not be fitted come last, as NaN."""
        failed = self.failed.rename(columns={"reason": "note"})
        frame = self.table.assign(note="")
        return pd.concat([frame, failed], ignore_index=True) if len(failed) else frame

    def only(self, kept: Sequence[bool]) -> SpecificationCurve:
        """Return the curve of some of its specifications, as if there were no others.

        Parameters
        ----------
        kept : sequence of bool
            One for each row of ``table``; the first, the primary one, has to be among them.

        Returns
        -------
        SpecificationCurve
            Its median, shares and options are of these alone. Sentence, ``moves`` and the test
            against chance are of the whole curve still, and left out.
        """
        table = self.table[np.asarray(kept, dtype=bool)].reset_index(drop=True)
        return replace(
            self,
            table=table,
            options=_options(table, self.exclusions),
            moves=self.moves.iloc[:0],
            permutation={},
            sentence="",
            n_specifications=len(table) + len(self.failed),
            **_counts(table),
        )

    def summary(self) -> str:
        """Return the curve as a text for people."""
        lines = [f"Specification curve: {counted(self.n_specifications, 'specification')}", ""]
        lines += [*wrapped(self.sentence), ""]
        lines += aligned(self._option_cells(), left=["choice", "option"])
        if self.permutation:
            times = counted(self.permutations, "time")
            lines += ["", f"Against chance (scores dealt out anew {times}, seed {self.seed})"]
            lines += aligned(self._chance_cells(), left=["of the curve"])
        if len(self.failed):
            lines += ["", "Not fitted"]
            reasons = self.failed["reason"].value_counts()
            for reason, count in reasons.items():
                text = f"{counted(int(count), 'specification')}: {reason}"
                lines += remark(text, indent="", bullet="- ")
        if self.notes:
            lines.append("")
        for note in self.notes:
            lines += wrapped(f"Note: {note}", hanging="  ")
        return "\n".join(lines)

    def _option_cells(self) -> list[dict[str, str]]:
        cells = []
        last = ""
        for row in self.options.to_dict("records"):
            choice = str(row["choice"])
            cells.append({
                "choice": "" if choice == last else choice.replace("_", " "),
                "option": option_text(choice, row["option"]),
                "n": f"{row['n']:,}",
                "median": number(row["median"]),
                "same sign": percent(round(row["share_same_direction"], 3)),
                "zero excluded": percent(round(row["share_excludes_zero"], 3)),
            })  # fmt: skip
            last = choice
        return cells

    def _chance_cells(self) -> list[dict[str, str]]:
        return [
            {
                "of the curve": STATISTICS[name],
                "observed": number(test["observed"]),
                "by chance": number(test["expected"]),
                "p": p_value_text(test["p_value"]).removeprefix("p ").removeprefix("= "),
            }
            for name, test in self.permutation.items()
        ]


def option_text(choice: str, option: object) -> str:
    """Return what an option is called in figures and tables.

    Examples
    --------
    >>> option_text("minimum_users", 3), option_text("excluded", "nobody")
    ('at least 3', 'nobody')
    """
    if choice == "minimum_users":
        return f"at least {option}"
    return MODELS.get(str(option), str(option)) if choice == "model" else str(option)


def curve_result(
    fitted: Sequence[tuple[Specification, Slope]],
    failed: Sequence[Mapping[str, Any]],
    grid: Choices,
    primary: Prepared,
    chance: tuple[Mapping[str, Mapping[str, float]], float],
    *,
    confidence: float,
    permutations: int,
    seed: int | None,
) -> SpecificationCurve:
    """Put the specifications together; the first one is the primary one."""
    table = _table(fitted, grid.exclusions)
    moves = _moves(table)
    permutation, log_dealings = chance
    counts = {"n_specifications": grid.count, **_counts(table)}
    return SpecificationCurve(
        table=table,
        failed=pd.DataFrame(list(failed), columns=[*CHOICES, "reason"]),
        options=_options(table, grid.exclusions),
        moves=moves,
        exclusions=grid.exclusions,
        permutation=permutation,
        permutations=permutations,
        seed=seed,
        confidence=confidence,
        sentence=_sentence(counts, moves, permutation, primary.sums.n_groups),
        notes=tuple(_notes(primary, log_dealings, 1.0 - confidence)),
        **counts,
    )


def _counts(table: pd.DataFrame) -> dict[str, Any]:
    """Return what a table of specifications comes to, the primary one first."""
    return {
        "n_fitted": len(table),
        "median": float(table["estimate"].median()),
        "lowest": float(table["estimate"].min()),
        "highest": float(table["estimate"].max()),
        "primary_estimate": float(table["estimate"].iloc[0]),
        "share_same_direction": float(table["same_direction"].mean()),
        "share_excludes_zero": float(table["excludes_zero"].mean()),
    }


def _table(
    fitted: Sequence[tuple[Specification, Slope]], exclusions: Sequence[str]
) -> pd.DataFrame:
    rows = []
    for place, (specification, slope) in enumerate(fitted):
        rows.append({
            "specification": place + 1,
            **specification.labels(),
            "estimate": slope.estimate * slope.per_sd,
            "conf_low": slope.conf_low * slope.per_sd,
            "conf_high": slope.conf_high * slope.per_sd,
            "p_value": slope.p_value,
            "slope": slope.estimate,
            "n_workers": slope.n_workers,
            "n_service_users": slope.n_service_users,
            "primary": place == 0,
            **{WITHOUT + name: name in specification.rows.excluded for name in exclusions},
        })  # fmt: skip
    table = pd.DataFrame(rows)
    sign = np.sign(table["estimate"].iloc[0])
    nearest = np.where(sign > 0, table["conf_low"], -table["conf_high"])
    return table.assign(
        same_direction=np.sign(table["estimate"]) == sign, excludes_zero=nearest > 0
    )


def chosen(table: pd.DataFrame, choice: str, option: object) -> npt.NDArray[np.bool_]:
    """Return which specifications have an option; of exclusions, alone or with others."""
    if choice == "excluded" and option != NOBODY:
        return table[f"{WITHOUT}{option}"].to_numpy(dtype=bool)
    return (table[choice] == option).to_numpy(dtype=bool)


def _options(table: pd.DataFrame, exclusions: Sequence[str]) -> pd.DataFrame:
    rows = []
    for choice in _several(table):
        among = (NOBODY, *exclusions) if choice == "excluded" else table[choice].unique()
        for option in among:
            part = table[chosen(table, choice, option)]
            if not len(part):
                continue
            rows.append({
                "choice": choice,
                "option": option,
                "n": len(part),
                "median": float(part["estimate"].median()),
                "share_same_direction": float(part["same_direction"].mean()),
                "share_excludes_zero": float(part["excludes_zero"].mean()),
            })  # fmt: skip
    columns = ["choice", "option", "n", "median", "share_same_direction", "share_excludes_zero"]
    return pd.DataFrame(rows, columns=columns)


def _several(table: pd.DataFrame) -> list[str]:
    return [choice for choice in CHOICES if len(table[choice].unique()) > 1]


def _moves(table: pd.DataFrame) -> pd.DataFrame:
    estimates = table["estimate"]
    total = float(((estimates - estimates.mean()) ** 2).sum())
    rows = []
    for choice in _several(table):
        means = estimates.groupby(table[choice]).transform("mean")
        between = float(((means - estimates.mean()) ** 2).sum())
        share = between / total if total > 0 else NAN
        rows.append((choice, float(means.max() - means.min()), share))
    frame = pd.DataFrame(rows, columns=["choice", "range", "share_of_variance"])
    return frame.sort_values("range", ascending=False, ignore_index=True)


def _sentence(
    counts: Mapping[str, float],
    moves: pd.DataFrame,
    permutation: Mapping[str, Mapping[str, float]],
    n_workers: int,
) -> str:
    lost = int(counts["n_specifications"] - counts["n_fitted"])
    fitted = counted(int(counts["n_fitted"]), "specification")
    text = (
        f"{fitted} were fitted" + (f" ({lost:,} could not be)" if lost else "") + ". "
        f"Standardised slopes lie between {readable(counts['lowest'])} and "
        f"{readable(counts['highest'])}, the median at {readable(counts['median'])} and the "
        f"primary one at {readable(counts['primary_estimate'])}; "
        f"{percent(round(counts['share_same_direction'], 3))} have its sign, and "
        f"{percent(round(counts['share_excludes_zero'], 3))} also an interval without zero."
    )
    if n_workers < FEW_WORKERS:
        text += (
            f" They all rest on the same fewer than {FEW_WORKERS} workers: that they agree, or do "
            "not, can neither support nor refute the primary one."
        )
    if permutation:
        text += (
            " Where scores were dealt out anew among workers, curves with a median as far from "
            f"zero came up with {p_value_text(permutation['median']['p_value'])}, and with as "
            f"large a significant share with {p_value_text(permutation['share']['p_value'])}."
        )
    if len(moves):
        first = moves.iloc[0]
        text += (
            f" The estimates differ most with the choice of {_choice_text(str(first['choice']))} "
            f"(means {readable(float(first['range']))} apart)."
        )
    return text


def _choice_text(choice: str) -> str:
    return {
        "minimum_users": "minimum of users",
        "excluded": "who is left out",
    }.get(choice, choice)


def _notes(primary: Prepared, log_dealings: float, alpha: float) -> list[str]:
    """Say what limits the test by chance, and how the primary question was made ready."""
    notes = list(primary.notes)
    if math.isnan(log_dealings):
        return notes
    where = "" if primary.team is None else f" within {primary.team}"
    notes.insert(0, (
        f"Scores of all predictors were dealt out together among workers{where}; specifications "
        "rest on the same people, so their number adds no certainty."
    ))  # fmt: skip
    if log_dealings < math.log(1.0 / alpha) + 1e-9:
        possible = round(math.exp(log_dealings))
        notes.insert(0, (
            f"There are at most {possible:,} different dealings, so no p value below "
            f"{readable(1.0 / possible)} can be reached, whatever the data."
        ))  # fmt: skip
    return notes
