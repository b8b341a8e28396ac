"""Parallel analysis: how many dimensions are more than chance makes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from relsurvey.errors import ModelError
from relsurvey.frames import float_array
from relsurvey.instruments import InstrumentLike
from relsurvey.moments.permuted import (
    canonical_answers,
    permuted_answers,
    permuted_correlations,
)
from relsurvey.options import require_choice, require_number, require_whole
from relsurvey.psychometrics.exploratory.correlations import (
    Correlation,
    ItemCorrelations,
    item_correlations,
    perfect_pairs,
    singular,
)
from relsurvey.psychometrics.exploratory.parallel_result import ParallelResult, suggestions
from relsurvey.psychometrics.polychoric import polychoric
from relsurvey.scoring.items import ScaleChoice

__all__ = ["Eigenvalues", "parallel_analysis"]

Array: TypeAlias = npt.NDArray[np.float64]
Eigenvalues: TypeAlias = Literal["components", "factors"]

DRAWS, POLYCHORIC_DRAWS = 500, 50


def parallel_analysis(
    data: Any,
    instrument: InstrumentLike | None = None,
    *,
    seed: int,
    items: Sequence[str] | None = None,
    scales: ScaleChoice | None = None,
    n_draws: int | None = None,
    n_permutations: int | None = None,
    percentile: float = 95,
    method: Eigenvalues = "components",
    correlation: Correlation = "pearson",
) -> ParallelResult:
    """Compare the eigenvalues of items with those of items that have nothing in common.

    Parameters
    ----------
    data, instrument, items, scales
        As in ``efa``. Rows that answer every item are used.
    seed : int
        Of the draws. The same seed gives the same result, whatever the order of rows and
        columns.
    n_draws : int, optional
        Draws of normal items; 500 by default. None are made with polychoric correlations, for
        which they would be no match.
    n_permutations : int, optional
        Times that the answers of every item are dealt out anew; as many as ``n_draws`` by
        default (50 with polychoric correlations, which take long); 0 leaves it out.
    percentile : float
        Between 50 and 100, of the eigenvalues drawn, that has to be exceeded.
    method : {"components", "factors"}
        Eigenvalues of the correlation matrix (Horn 1965), or of the one with squared multiple
        correlations in its diagonal (principal axes, Humphreys & Montanelli 1975), which tends
        to suggest more.
    correlation : {"pearson", "polychoric"}
        Which correlations.

    Returns
    -------
    ParallelResult
        Observed eigenvalues beside mean and percentile of those drawn, and the number of
        leading ones that exceed them: ``n_factors``, by the percentile of normal items (of
        permuted ones where there are no normal ones).

    Raises
    ------
    ModelError
        Where there are no correlations, the matrix cannot be inverted (``"factors"`` only), or
        an option cannot be.
    ScoringError
        As ``efa``.

    Notes
    -----
    The correlation matrix of n normal rows is drawn as such, by Bartlett's decomposition of a
    Wishart matrix: the distribution is that of matrices from drawn rows, without the rows.

    References
    ----------
    Horn JL (1965). A rationale and test for the number of factors in factor analysis.
    Psychometrika 30(2):179-185. doi 10.1007/BF02289447.
    Glorfeld LW (1995). An improvement on Horn's parallel analysis methodology. Educational and
    Psychological Measurement 55(3):377-393. doi 10.1177/0013164495055003002.
    Humphreys LG, Montanelli RG (1975). An investigation of the parallel analysis criterion.
    Multivariate Behavioral Research 10(2):193-205. doi 10.1207/s15327906mbr1002_5.
    Bartlett MS (1934). On the theory of statistical regression. Proceedings of the Royal
    Society of Edinburgh 53:260-283. doi 10.1017/S0370164600015637.

    Examples
    --------
    >>> draw = np.random.default_rng(1).normal
    >>> trust = draw(size=300)
    >>> answers = pd.DataFrame({f"t{i}": trust + draw(size=300) for i in range(5)})
    >>> parallel_analysis(answers, seed=1).n_factors
    1
    """
    require_choice("correlation", correlation, get_args(Correlation), ModelError)
    draws, deals = _require_counts(n_draws, n_permutations, correlation)
    _require_settings(seed, percentile, method)
    found = item_correlations(
        data, instrument, items, scales, correlation=correlation, missing="listwise"
    )
    matrix = found.required()
    _require_usable(found, method)
    chance, dealing = (np.random.default_rng([seed, stream]) for stream in (0, 1))
    drawn: dict[str, Array] = {}
    if draws:
        normal = _normal_correlations(found.n, len(matrix), draws, chance)
        drawn["normal"] = _eigenvalues(normal, method)
    if deals:
        drawn["permuted"] = _eigenvalues(_dealt(found, correlation, deals, dealing), method)
    observed = _eigenvalues(matrix, method)
    table, suggested = suggestions(observed, drawn, percentile)
    twins = perfect_pairs(found)
    notes = [*found.notes, *[f"{pair} correlate perfectly: do they stand twice?" for pair in twins]]
    return ParallelResult(
        table=table,
        suggested=suggested,
        n_factors=int(suggested["n_factors"].iloc[-1 if not draws else 1]),
        n=found.n,
        n_total=found.n_total,
        n_draws=draws,
        n_permutations=deals,
        percentile=float(percentile),
        method=method,
        correlation=correlation,
        seed=seed,
        notes=tuple(notes),
    )


def _require_counts(draws: Any, deals: Any, correlation: Correlation) -> tuple[int, int]:
    polychoric = correlation == "polychoric"
    if polychoric and draws:
        raise ModelError(
            "n_draws are of normal items, which are no match for polychoric correlations.",
            hint="Say with n_permutations how often to deal out the answers.",
        )
    usual = 0 if polychoric else DRAWS
    draws = usual if draws is None else draws
    deals = (POLYCHORIC_DRAWS if polychoric else draws) if deals is None else deals
    for name, value in (("n_draws", draws), ("n_permutations", deals)):
        whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
        if not whole or value < 0 or 0 < value < 20:
            raise ModelError(
                f"{name} has to be a whole number from 20, or 0 for none; it is {value!r}.",
                hint="A percentile of fewer draws would be chance itself.",
            )
    if not draws and not deals:
        raise ModelError("Without draws there is nothing to compare with.", hint="Leave n_draws.")
    return int(draws), int(deals)


def _require_settings(seed: Any, percentile: Any, method: Any) -> None:
    require_choice("method", method, get_args(Eigenvalues), ModelError)
    hint = "Any will do; write it down, so that others get the same."
    require_whole("seed", seed, lowest=0, hint=hint)
    hint = "95 is usual: percentile=95."
    require_number("percentile", percentile, lowest=50, below=100, hint=hint)


def _require_usable(found: ItemCorrelations, method: Eigenvalues) -> None:
    if len(found.columns) < 3:
        raise ModelError(
            f"A parallel analysis needs three items or more; found {len(found.columns)}.",
            hint="One or two items have no more than one dimension worth asking for.",
        )
    why = singular(found, "listwise") if method == "factors" else ""
    if why:
        raise ModelError(
            f"There are no squared multiple correlations: {why}.",
            hint='method="components" goes without.',
        )


def _normal_correlations(n: int, p: int, draws: int, generator: np.random.Generator) -> Array:
    """Draw correlation matrices (draws, p, p) of n rows of p normal items without relations."""
    degrees = n - 1
    if degrees < p:
        root = generator.normal(size=(draws, p, degrees))
    else:
        root = np.tril(generator.normal(size=(draws, p, p)), -1)
        diagonal = np.arange(p)
        root[:, diagonal, diagonal] = np.sqrt(
            generator.chisquare(degrees - diagonal, size=(draws, p))
        )
    scaled = root / np.sqrt((root**2).sum(axis=2, keepdims=True))
    correlations: Array = scaled @ scaled.swapaxes(1, 2)
    return correlations


def _dealt(
    found: ItemCorrelations, correlation: Correlation, deals: int, generator: np.random.Generator
) -> Array:
    rows = float_array(found.frame.select(*found.columns))
    rows = rows[~np.isnan(rows).any(axis=1)]
    if correlation == "pearson":
        return permuted_correlations(canonical_answers(rows), deals, generator)
    answers = np.sort(rows.T, axis=1)
    return np.stack(
        [
            polychoric(pd.DataFrame(dealt.T, columns=list(found.columns))).to_numpy(dtype=float)
            for dealt in permuted_answers(answers, deals, generator)
        ]
    )


def _eigenvalues(correlations: Array, method: Eigenvalues) -> Array:
    """Return eigenvalues, the largest first, of one matrix or a stack of them."""
    analysed = correlations
    if method == "factors":
        inverse = np.linalg.inv(correlations)
        unexplained: Array = 1 / np.diagonal(inverse, axis1=-2, axis2=-1).astype(np.float64)
        analysed = correlations - unexplained[..., None] * np.eye(correlations.shape[-1])
    return np.asarray(np.linalg.eigvalsh(analysed)[..., ::-1], dtype=np.float64)
