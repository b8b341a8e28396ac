"""Reliability of every scale: one row of coefficients a scale."""

from __future__ import annotations

import math
import numbers
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pandas as pd

from relsurvey.criteria import (
    Reading,
    internal_consistency,
    measurement_error,
    structural_validity,
)
from relsurvey.errors import ModelError
from relsurvey.instruments import InstrumentLike
from relsurvey.moments.items import MissingRule
from relsurvey.moments.resampled import ResampledMoments, resampled_moments
from relsurvey.options import require_confidence
from relsurvey.psychometrics.coefficients import COEFFICIENTS, Coefficients, coefficients
from relsurvey.psychometrics.legend import legend_lines
from relsurvey.psychometrics.reasons import obstacle
from relsurvey.psychometrics.scales import TabulatedScale, eager, tabulated_scales
from relsurvey.psychometrics.split_halves import canonical_order
from relsurvey.results import Drawn
from relsurvey.scoring import keyed_items
from relsurvey.scoring.items import ScaleChoice
from relsurvey.text import aligned, notes_below, number

__all__ = ["ReliabilityResult", "reliability"]

# Splits and samples are drawn with this seed where none is given: the same data, the same answer.
USUAL_SEED = 0
HIERARCHICAL = {
    "omega_hierarchical_second_order": "omega h (second-order)",
    "omega_hierarchical_bifactor": "omega h (bifactor)",
}


@dataclass(frozen=True, eq=False)
class ReliabilityResult(Drawn):
    """How well the items of each scale go together.

    Attributes
    ----------
    table : pandas.DataFrame
        One row a scale: ``scale``, ``title``, ``n_items``, ``n`` (rows used; pairwise, the
        smallest number of rows that two items share), ``n_total`` (rows given);
        ``alpha``, ``alpha_low``, ``alpha_high`` (Feldt interval with ``n``),
        ``alpha_boot_low``, ``alpha_boot_high`` (percentile bootstrap; NaN where none was asked
        for), ``alpha_standardised``;
        ``omega_total`` (one-factor model, ML), ``lambda6``, ``mean_inter_item_r``;
        ``split_half_min``, ``split_half_mean``, ``split_half_max`` (over the splits that R psych
        goes through, see ``reliability``) and ``split_half_all_min``, ``split_half_all_mean``,
        ``split_half_all_max`` (over every split up to 12 items, else 10,000 drawn);
        ``ordinal_alpha`` (of polychoric correlations), ``ordinal_omega`` (Green and Yang);
        ``omega_hierarchical_second_order``, ``omega_hierarchical_bifactor`` (NaN where the
        instrument has no such model of exactly these items);
        ``sem`` and ``mdc95`` (in units of the score); and ``note``, which says why a value is
        NaN or to be read with care.
    missing : {"listwise", "pairwise"}
        How missing answers were treated.
    confidence : float
        Of the intervals.
    bootstrap : int
        Samples behind the bootstrap interval.
    fits : dict of str to dict of str to float
        By scale, the fit measures of the one-factor model behind ``omega_total``.
    """

    _figure: ClassVar[str] = "plot_reliability"

    table: pd.DataFrame
    missing: MissingRule
    confidence: float
    bootstrap: int = 0
    fits: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def to_frame(self) -> pd.DataFrame:
        """Return the table, one row a scale, unrounded."""
        return self.table.copy()

    @property
    def readings(self) -> tuple[Reading, ...]:
        """Alpha and the smallest detectable change of each scale beside their criteria."""
        rows = self.table.to_dict(orient="records")
        alphas = [_reading_of_alpha(row, self.fits.get(str(row["scale"]), {})) for row in rows]
        errors = [
            measurement_error(str(row["scale"]), row["mdc95"], reason=str(row["note"]))
            for row in rows
        ]
        return (*alphas, *errors)

    def legend(self) -> str:
        """Return what each column of the summary is, for a reader who has not met them."""
        return "\n".join(legend_lines(self.confidence, bootstrap=self.bootstrap > 0))

    def summary(self) -> str:
        """Return two tables rounded and aligned, with the notes below them."""
        rows = self.table.to_dict(orient="records")
        left = ("scale", "title")
        notes = notes_below(zip(self.table["scale"], self.table["note"], strict=True))
        lines = [
            f"Reliability ({self.missing})",
            *aligned([self._alpha_row(row) for row in rows], left=left),
            "",
            *aligned([self._further_row(row) for row in rows], left=left),
            *notes,
        ]
        return "\n".join(lines)

    def _alpha_row(self, row: Mapping[Any, Any]) -> dict[str, str]:
        interval = f"{100 * self.confidence:g}% interval"
        cells = {
            "scale": str(row["scale"]),
            "title": str(row["title"]),
            "items": str(row["n_items"]),
            "n": f"{row['n']:,}",
            "alpha": number(row["alpha"], 3),
            interval: _between(row["alpha_low"], row["alpha_high"]),
            "standardised": number(row["alpha_standardised"], 3),
            "lambda-6": number(row["lambda6"], 3),
            "mean r": number(row["mean_inter_item_r"], 3),
        }
        if self.bootstrap:
            cells["bootstrap"] = _between(row["alpha_boot_low"], row["alpha_boot_high"])
        return cells

    def _further_row(self, row: Mapping[Any, Any]) -> dict[str, str]:
        cells = {
            "scale": str(row["scale"]),
            "omega": number(row["omega_total"], 3),
            "ordinal alpha": number(row["ordinal_alpha"], 3),
            "ordinal omega": number(row["ordinal_omega"], 3),
            "split halves": _between(row["split_half_all_min"], row["split_half_all_max"]),
            "their mean": number(row["split_half_all_mean"], 3),
            "SEM": number(row["sem"], 3),
            "MDC95": number(row["mdc95"], 3),
        }
        for name, heading in HIERARCHICAL.items():
            if self.table[name].notna().any():
                cells[heading] = number(row[name], 3)
        return cells


def _reading_of_alpha(row: Mapping[Any, Any], fit: Mapping[str, float]) -> Reading:
    """Read an alpha with the one-factor model as evidence on the structure."""
    scale, alpha = str(row["scale"]), float(row["alpha"])
    if math.isnan(alpha):
        return internal_consistency(scale, alpha, structure=None, reason=str(row["note"]))
    evidence = structural_validity(scale, fit)
    if evidence.verdict == "not known" or not fit.get("df"):
        why = (
            "three items fit one factor whatever was answered"
            if fit
            else "no one-factor model could be fitted"
        )
        reason = f"alpha is enough, but whether the scale is one dimension is not known: {why}"
        return internal_consistency(scale, alpha, structure=None, reason=reason)
    holds = evidence.verdict == "met"
    reason = f"of the fit of one factor, {evidence.because}"
    return internal_consistency(scale, alpha, structure=holds, reason=reason)


def reliability(
    data: Any,
    instrument: InstrumentLike | None = None,
    *,
    scales: ScaleChoice | None = None,
    missing: MissingRule = "listwise",
    confidence: float = 0.95,
    bootstrap: int = 0,
    seed: int | None = None,
) -> ReliabilityResult:
    """Estimate the internal consistency of scales.

    Parameters
    ----------
    data : Responses, or a pandas, Polars (eager or lazy) or PyArrow frame
        One row a respondent; items as answered where there is an instrument (they are keyed
        here), keyed already where there is none. A lazy frame is collected.
    instrument : Instrument, str or path, optional
        The definition, its id or its file. Responses bring their own.
    scales : str, iterable of str, or mapping of str to sequence of columns, optional
        With an instrument, ids of its scales (all by default); without one, the columns of
        each scale. A composite scale is taken as all the items below it.
    missing : {"listwise", "pairwise"}
        Rows that answer every item of the scale, or every covariance from the rows that
        answer both items. "Does not apply" is a missing answer here.
    confidence : float
        Of the intervals of alpha, between 0 and 1.
    bootstrap : int
        Samples for a second interval of alpha, 2,000 for instance; 0 for none.
    seed : int, optional
        Of the bootstrap samples, and of the split halves that are drawn where there are more
        than 12 items. Without one a fixed seed is used.

    Returns
    -------
    ReliabilityResult
        A row a scale. What cannot be computed is NaN, with the reason in ``note``. No item is
        ever turned: where alpha is negative, the note names the items whose keying to check.

    Raises
    ------
    ScoringError
        Where a column is missing or not numeric, a value is off the scale, or a scale is
        unknown.
    ModelError
        Where ``missing``, ``confidence``, ``bootstrap`` or ``seed`` cannot be.

    Notes
    -----
    Pairwise there is no one number of rows; the interval uses the smallest of them, which
    makes it wider rather than narrower.

    The bootstrap draws respondents with their missing answers, as many as there are, and
    treats each sample as the data are treated.

    Raw alpha, alpha on polychoric correlations and ordinal omega are three different figures:
    the first and the last are about the sum of the answers, the second about a sum of
    continuous responses behind them that nobody has seen.

    R psych's ``splitHalf`` goes through the first half of the list of ways to choose half the
    items. With an odd number of items no split is listed twice, so that it leaves out half of
    them, and which depends on the order of the items. ``split_half_min``, ``split_half_mean``
    and ``split_half_max`` are over those splits, the items taken in the order of their names;
    ``split_half_all_min`` and so on are over all of them. With an even number of items, and
    above 12 items, the two are the same.

    The standard error of measurement is the standard deviation of the score as it is scored
    (mean or sum, of items or of scores; without an instrument the mean of the items) times the
    root of 1 - alpha; the smallest detectable change (MDC95) is 1.96 times the root of 2 times
    it. Both are in units of the score.

    References
    ----------
    Cronbach LJ (1951). Psychometrika 16(3):297-334. doi 10.1007/BF02310555.
    Feldt LS (1965). Psychometrika 30(3):357-370. doi 10.1007/BF02289499.
    Guttman L (1945). Psychometrika 10(4):255-282. doi 10.1007/BF02288892.
    McDonald RP (1999). Test theory: a unified treatment. Erlbaum.
    Zumbo BD, Gadermann AM, Zeisser C (2007). Journal of Modern Applied Statistical Methods
    6(1):21-29. doi 10.22237/jmasm/1177992180.
    Green SB, Yang Y (2009). Psychometrika 74(1):155-167. doi 10.1007/s11336-008-9099-3.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"a": [1, 2, 4, 5], "b": [2, 2, 3, 5], "c": [1, 3, 3, 4]})
    >>> result = reliability(answers, scales={"trust": ["a", "b", "c"]})
    >>> result.to_frame()[["scale", "n", "alpha", "alpha_low", "alpha_high"]].round(3)
       scale  n  alpha  alpha_low  alpha_high
    0  trust  4  0.932      0.548       0.995
    """
    require_confidence(confidence)
    _require_draws(bootstrap, seed, confidence)
    drawn = USUAL_SEED if seed is None else int(seed)
    items = keyed_items(data, instrument, scales)
    frame = eager(items)
    found = tabulated_scales(items, frame, missing)
    samples: dict[str, ResampledMoments] = {}
    if bootstrap:
        samples = resampled_moments(
            frame, _drawable(found), replicates=int(bootstrap), seed=drawn, missing=missing
        )
    each = {
        scale.id: coefficients(
            scale, confidence=confidence, samples=samples.get(scale.id), seed=drawn
        )
        for scale in found
    }
    table = pd.DataFrame([_row(scale, each[scale.id]) for scale in found])
    fits = {key: dict(own.fit) for key, own in each.items()}
    return ReliabilityResult(table, missing, confidence, int(bootstrap), fits)


def _row(scale: TabulatedScale, found: Coefficients) -> dict[str, Any]:
    return {
        "scale": scale.id,
        "title": scale.title,
        "n_items": len(scale.moments.columns),
        "n": scale.moments.n,
        "n_total": scale.moments.n_total,
        **{name: found.figures[name] for name in COEFFICIENTS},
        "note": "; ".join(found.notes),
    }


def _drawable(scales: list[TabulatedScale]) -> dict[str, list[str]]:
    """Return the items of the scales that have an alpha, in an order of their own."""
    return {
        scale.id: [scale.moments.columns[i] for i in canonical_order(scale.moments.columns)]
        for scale in scales
        if len(scale.moments.columns) > 1 and not obstacle(scale.moments)
    }


def _require_draws(bootstrap: object, seed: object, confidence: float) -> None:
    fewest = math.ceil(2 / (1 - confidence))
    failures = []
    if not _is_count(bootstrap) or 0 < int(bootstrap) < fewest:  # type: ignore[call-overload]
        failures.append(
            {"argument": "bootstrap", "found": bootstrap, "allowed": f"0, or {fewest} and more"}
        )
    if seed is not None and not _is_count(seed):
        failures.append({"argument": "seed", "found": seed, "allowed": "0, 1, 2 and so on"})
    if failures:
        raise ModelError(
            "The bootstrap cannot be drawn as asked for.",
            hint="bootstrap is a number of samples, usually 2000; with fewer than two beyond "
            "each limit there is no interval. seed is a whole number, or left out.",
            failures=failures,
        )


def _is_count(value: object) -> bool:
    whole = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    return whole and int(value) >= 0  # type: ignore[call-overload]


def _between(low: float, high: float) -> str:
    return "n/a" if math.isnan(low) else f"{number(low, 3)} to {number(high, 3)}"
