"""What a confirmatory factor analysis found, and how it is shown to people."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from relsurvey.criteria import Reading, sample_size, structural_validity
from relsurvey.psychometrics.structure.estimators.protocol import Estimator
from relsurvey.psychometrics.structure.modification import modification_indices
from relsurvey.psychometrics.structure.summary_text import summary_lines
from relsurvey.results import Drawn, json_ready
from relsurvey.text import number

__all__ = ["CfaResult"]


@dataclass(frozen=True, eq=False)
class CfaResult(Drawn):
    """A factor model fitted to answers.

    Attributes
    ----------
    model : str
        What the model is called.
    estimator : str
        ``"ML"``, ``"FIML"`` or ``"WLSMV"``.
    groups : tuple
        Labels of the groups; empty where there are none.
    equal : tuple of str
        What was held equal across groups.
    n : int
        Rows used.
    n_total : int
        Rows given, but for those of groups that are too small.
    group_n : tuple of int
        Rows used by group; empty where there are no groups.
    items, factors : tuple of str
        Of the model.
    converged : bool
        Whether the estimates are a solution; where not, no fit and no errors are given.
    improper : bool
        Whether they are what no variance or correlation can be (Heywood cases and the like).
    fit : dict of str to float
        ``chisq, df, p_value, cfi, tli, rmsea, rmsea_low, rmsea_high`` (90 %), ``srmr, aic, bic,
        log_likelihood, n_parameters``; WLSMV adds scaled forms. NaN where there is none.
    parameters : pandas.DataFrame
        Every parameter; see ``to_frame``.
    loadings : pandas.DataFrame
        ``factor, item, estimate, std_error, statistic, p_value, conf_low, conf_high``
        (95 %), ``standardised, standardised_std_error``, and ``group`` where there are several.
        The "item" of a factor of a higher order is a factor.
    factor_correlations : pandas.DataFrame
        Square, by factor; with groups, rows by (group, factor).
    omega : dict of str to float
        By factor; with groups, one such dict by group. See ``composites.omegas``.
    residuals : pandas.DataFrame
        Correlations as seen less as implied, square, by item; with groups by (group, item).
    notes : tuple of str
        What to know before the figures are used.
    """

    _figure: ClassVar[str] = "plot_loadings"

    model: str
    estimator: str
    groups: tuple[Hashable, ...]
    equal: tuple[str, ...]
    n: int
    n_total: int
    group_n: tuple[int, ...]
    items: tuple[str, ...]
    factors: tuple[str, ...]
    converged: bool
    improper: bool
    fit: dict[str, float]
    parameters: pd.DataFrame
    loadings: pd.DataFrame
    factor_correlations: pd.DataFrame
    omega: Mapping[Any, Any]
    residuals: pd.DataFrame
    notes: tuple[str, ...]
    _estimator: Estimator
    _theta: npt.NDArray[np.float64]

    @cached_property
    def modification_indices(self) -> pd.DataFrame:
        """What chi-square would fall by, for every loading and covariance left out.

        Columns as in ``modification.modification_indices``; no rows where the estimation did
        not converge.
        """
        found = modification_indices(self._estimator, self._theta)
        return found if self.converged else found.iloc[:0]

    @property
    def readings(self) -> tuple[Reading, ...]:
        """The fit beside COSMIN's criterion of structural validity, and the number of rows."""
        reason = self.doubt
        if not reason and not self.fit["df"]:
            reason = "the model has no degrees of freedom, so that its fit says nothing"
        return (
            structural_validity(self.model, self.fit, reason=reason),
            sample_size(self.model, self.n, len(self.items)),
        )

    @property
    def doubt(self) -> str:
        """Why the fit cannot be judged by a criterion; an empty text where it can."""
        if not self.converged:
            return "the search for estimates did not converge"
        return "the solution is improper, see the notes" if self.improper else ""

    def to_frame(self) -> pd.DataFrame:
        """Return every parameter, one row each, unrounded."""
        return self.parameters.copy()

    def to_dict(self) -> dict[str, Any]:
        """Return every field and the readings, ready for ``json.dumps`` (NaN becomes ``None``)."""
        found = super().to_dict()
        for name in ("factor_correlations", "residuals"):
            found[name] = json_ready(_nested(getattr(self, name)))
        return {**found, "readings": json_ready(self.readings)}

    def _short_text(self) -> str:
        of = f"{self.model}, fitted to {self.n:,} of {self.n_total:,} rows"
        if not self.converged:
            return f"{of}: the estimation did not converge, so there is no fit."
        ending = "_scaled" if "cfi_scaled" in self.fit else ""
        cfi, rmsea = (self.fit.get(name + ending, math.nan) for name in ("cfi", "rmsea"))
        srmr = self.fit.get("srmr", math.nan)
        return f"{of}: CFI {number(cfi, 3)}, RMSEA {number(rmsea, 3)}, SRMR {number(srmr, 3)}."

    def summary(self) -> str:
        """Return the fit and what it means, the loadings, and what to beware of, as a text."""
        return "\n".join(summary_lines(self))


def _nested(frame: pd.DataFrame) -> dict[Any, Any]:
    """Return a square frame as rows by name, within groups where it is stacked."""
    if frame.index.nlevels == 1:
        return {name: dict(row) for name, row in frame.iterrows()}
    parts = frame.index.get_level_values(0).unique()
    return {label: _nested(frame.loc[label]) for label in parts}


def no_fit(names: tuple[str, ...], df: int, n_parameters: int) -> dict[str, float]:
    """Return fit figures where there is no solution: NaN but for what the model alone says."""
    return {**dict.fromkeys(names, math.nan), "df": df, "n_parameters": n_parameters}
