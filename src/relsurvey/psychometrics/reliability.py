"""Reliability of every scale: one row of coefficients a scale."""

from __future__ import annotations

import math
import numbers
from typing import Any

import pandas as pd

from relsurvey.errors import ModelError
from relsurvey.instruments import InstrumentLike
from relsurvey.moments.items import MissingRule
from relsurvey.moments.resampled import ResampledMoments, resampled_moments
from relsurvey.options import require_confidence
from relsurvey.psychometrics.coefficients import COEFFICIENTS, Coefficients, coefficients
from relsurvey.psychometrics.reasons import obstacle
from relsurvey.psychometrics.reliability_result import ReliabilityResult
from relsurvey.psychometrics.scales import TabulatedScale, eager, tabulated_scales
from relsurvey.psychometrics.split_halves import canonical_order
from relsurvey.scoring import keyed_items
from relsurvey.scoring.items import ScaleChoice

__all__ = ["ReliabilityResult", "reliability"]

# Splits and samples are drawn with this seed where none is given: the same data, the same answer.
USUAL_SEED = 0


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
    makes it wider rather than narrower. A pairwise correlation here (in standardised alpha,
    lambda-6, the mean correlation, split halves and omega) is the covariance over the rows that
    answer both items, over the standard deviations of all answers to each: R's
    ``cov2cor(cov(use = "pairwise"))``, as in psych's ``alpha``. ``efa`` takes all three from the
    rows that answer both, R's ``cor(use = "pairwise")``, as psych's ``fa`` does.

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
    confidence = float(confidence)
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
    fewest = math.ceil(round(2 / (1 - confidence), 6))  # 20 at .90, whatever rounding leaves
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
