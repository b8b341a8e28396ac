"""Measurement invariance: the same model in several groups, with more and more held equal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from relsurvey.criteria import group_sample
from relsurvey.errors import ModelError, listed
from relsurvey.instruments import InstrumentLike
from relsurvey.options import Estimation, require_name
from relsurvey.psychometrics.grouping import (
    FEWEST_SHOWN,
    Grouping,
    eager,
    grouping,
    require_minimum_group,
)
from relsurvey.psychometrics.structure.compare_table import Fits
from relsurvey.psychometrics.structure.data import columns_of
from relsurvey.psychometrics.structure.estimators import Estimator, estimator_class
from relsurvey.psychometrics.structure.ladder_result import InvarianceResult
from relsurvey.psychometrics.structure.ladder_rows import LadderRows, ladder_rows
from relsurvey.psychometrics.structure.ladder_steps import (
    level_of,
    steps_of,
    steps_table,
)
from relsurvey.psychometrics.structure.specification import ModelLike, Structure, structure_of
from relsurvey.scoring.answers import instrument_of

if TYPE_CHECKING:
    from relsurvey.psychometrics.structure.result import CfaResult

__all__ = ["invariance"]


def invariance(
    data: Any,
    model: ModelLike,
    *,
    group: str,
    instrument: InstrumentLike | None = None,
    estimator: Estimation = "ML",
    minimum_group: int = FEWEST_SHOWN,
) -> InvarianceResult:
    """Fit a model in several groups at once, holding more and more of it equal.

    Configural: the same items load on the same factors. Metric: loadings are equal as well, so
    that relations can be compared. Scalar: intercepts (for WLSMV thresholds) as well, so that
    means can be compared. Strict: residual variances as well.

    Parameters
    ----------
    data : Responses, or a pandas, Polars (eager or lazy) or PyArrow frame
        One row a respondent; items as answered where there is an instrument (they are keyed
        here), keyed already where there is none.
    model : mapping, str, Model or Structure
        As in ``fit_cfa``.
    group : str
        The column that makes the groups: of the frame, or of ``context`` or ``meta`` of
        responses. Labels are taken as given, of any type.
    instrument : Instrument, str or path, optional
        The definition, its id or its file. Responses bring their own.
    estimator : {"ML", "FIML", "WLSMV"}
        As in ``fit_cfa``. WLSMV has no strict step: residual variances are not free there.
    minimum_group : int
        People that a group needs; smaller ones are left out, and how many they are is not
        shown. At least 10. A group also needs more rows than the model has items.

    Returns
    -------
    InvarianceResult
        One row a step, with the change against the step before. A step holds only where the
        change in CFI, the change in RMSEA and the chi-square difference all allow it; where they
        disagree, it is said which does what, and the step is not declared to hold.

    Raises
    ------
    ModelError
        Where the model cannot be read, there is no such column, fewer than two groups are large
        enough, or an item does not vary in a group.
    ScoringError
        Where a column is missing or not numeric, or a value is off the scale.

    Notes
    -----
    The rules: CFI falls by at most .01 (Cheung & Rensvold 2002), RMSEA rises by at most .015
    (Chen 2007), and the difference of chi-squares has a p of at least .05. For WLSMV the change
    is that of the scaled indices, and the difference is the scaled one of Satorra (2000).

    References
    ----------
    Meredith W (1993). Psychometrika 58(4):525-543. doi 10.1007/BF02294825.
    Cheung GW, Rensvold RB (2002). Structural Equation Modeling 9(2):233-255.
    doi 10.1207/S15328007SEM0902_5.
    Satorra A (2000). In Heijmans RDH, Pollock DSG, Satorra A, Innovations in multivariate
    statistical analysis, 233-247. doi 10.1007/978-1-4615-4603-0_17.
    Chen FF (2007). Structural Equation Modeling 14(3):464-504.
    doi 10.1080/10705510701301834.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(1)
    >>> trust = rng.normal(size=600)
    >>> answers = pd.DataFrame({f"q{i}": trust + rng.normal(size=600) for i in range(5)})
    >>> answers["form"] = ["paper", "online"] * 300
    >>> result = invariance(answers, {"trust": [f"q{i}" for i in range(5)]}, group="form")
    >>> result.to_frame()[["step", "df", "verdict"]].head(3).values.tolist()
    [['configural', 10.0, 'holds'], ['metric', 14.0, 'holds'], ['scalar', 18.0, 'holds']]
    """
    chosen = estimator_class(estimator)
    require_name("group", group, hint='For instance group="language": one column at a time.')
    minimum = require_minimum_group(minimum_group)
    table = eager(data)
    found = instrument_of(data, instrument)
    structure = structure_of(model, found, columns_of(table) if found is None else None)
    groups = grouping(table, group, structure.items)
    rows = ladder_rows(
        table, structure.items, found, groups, gaps=chosen.uses_gaps, minimum=minimum
    )
    return _result(structure, groups, rows, _fits(rows, structure, chosen), chosen)


def _fits(rows: LadderRows, structure: Structure, estimator: type[Estimator]) -> Fits:
    """Fit every step; one that cannot be fitted is kept as the error that says why."""
    from relsurvey.psychometrics.structure.cfa import fit_cfa

    fits: dict[str, CfaResult | ModelError] = {}
    for step, equal in steps_of(estimator).items():
        try:
            fits[step] = fit_cfa(
                rows.items,
                structure,
                estimator=estimator.name,  # type: ignore[arg-type]
                group=rows.labels,
                equal=equal,
            )
        except ModelError as problem:
            fits[step] = problem
    return fits


def _result(
    structure: Structure,
    groups: Grouping,
    rows: LadderRows,
    fits: Fits,
    estimator: type[Estimator],
) -> InvarianceResult:
    table, readings = steps_table(fits, estimator)
    smallest = min(rows.sizes, key=rows.sizes.__getitem__)
    about = f"{structure.name} by {groups.name}"
    shown = {} if rows.withheld else rows.sizes
    sample = group_sample(about, smallest, rows.sizes[smallest], len(structure.items))
    return InvarianceResult(
        model=structure.name,
        group=groups.name,
        groups=pd.DataFrame(
            {
                "group": list(groups.labels),
                "n": [shown.get(label, math.nan) for label in groups.labels],
                "used": [label in rows.sizes for label in groups.labels],
            }
        ),
        estimator=estimator.name,
        table=table,
        level=level_of(table),
        fits={step: fit for step, fit in fits.items() if not isinstance(fit, ModelError)},
        readings=(*readings, sample),
        notes=tuple(_notes(fits, rows)),
    )


def _notes(fits: Fits, rows: LadderRows) -> list[str]:
    notes = []
    if rows.left_out:
        notes.append(f"left out, fewer than {rows.needed} rows: {listed(rows.left_out)}")
    if rows.withheld:
        notes.append(
            "the sizes of the groups are not shown: with a total, they would tell how few people "
            "were left out"
        )
    first = fits["configural"]
    if not isinstance(first, ModelError):
        parameters = first.fit["n_parameters"] / len(rows.sizes)
        few = [
            label if rows.withheld else f"{label} ({n:,})"
            for label, n in rows.sizes.items()
            if n < parameters
        ]
        if few:
            notes.append(
                f"fewer rows than the model has parameters in a group ({parameters:.0f}): "
                f"{listed(few)}; nothing can be trusted that rests on them"
            )
    said: dict[str, list[str]] = {}
    for step, fit in fits.items():
        for note in () if isinstance(fit, ModelError) else fit.notes:
            said.setdefault(note, []).append(step)
    everywhere = list(fits)
    for note, steps in said.items():
        notes.append(note if steps == everywhere else f"{listed(steps)}: {note}")
    return notes
