"""Several factor models fitted to the same rows, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

import pandas as pd

from relsurvey.criteria import Reading, sample_size, structural_validity
from relsurvey.errors import ModelError, listed
from relsurvey.instruments import Instrument, InstrumentLike
from relsurvey.options import Estimation, require_names
from relsurvey.psychometrics.grouping import eager
from relsurvey.psychometrics.structure.compare_result import StructureResult
from relsurvey.psychometrics.structure.compare_table import (
    Fits,
    best_by_bic,
    fits_table,
    nested_table,
)
from relsurvey.psychometrics.structure.data import columns_of, structure_data
from relsurvey.psychometrics.structure.estimators import Estimator, estimator_class
from relsurvey.psychometrics.structure.specification import ModelLike, Structure, structure_of
from relsurvey.scoring.answers import instrument_of
from relsurvey.text import counted

if TYPE_CHECKING:
    from relsurvey.psychometrics.structure.result import CfaResult

__all__ = ["compare_models"]

Models: TypeAlias = "str | Iterable[str] | Mapping[str, ModelLike] | None"


def compare_models(
    data: Any,
    instrument: InstrumentLike | None = None,
    models: Models = None,
    *,
    estimator: Estimation = "ML",
) -> StructureResult:
    """Fit several models to the same rows and set their fit side by side.

    Parameters
    ----------
    data : Responses, or a pandas, Polars (eager or lazy) or PyArrow frame
        One row a respondent; items as answered where there is an instrument (they are keyed
        here), keyed already where there is none.
    instrument : Instrument, str or path, optional
        The definition, its id or its file. Responses bring their own.
    models : str, iterable of str, or mapping of str to model, optional
        Names of models of the instrument, by default all of them; or models of any kind that
        ``fit_cfa`` takes, by name.
    estimator : {"ML", "FIML", "WLSMV"}
        As in ``fit_cfa``.

    Returns
    -------
    StructureResult
        One row a model; tests of the pairs of which one model is provably a special case of the
        other; and the model with the lowest BIC, where the models are of the same items.

    Raises
    ------
    ModelError
        Where there is no model, one cannot be read, or no row can be used.
    ScoringError
        Where a column is missing or not numeric, or a value is off the scale.

    Notes
    -----
    With ML and WLSMV the rows are those that answer every item of every model, so that no model
    has other people than another; with FIML, those that answer an item of every model.

    BIC weighs fit against the number of parameters (Schwarz 1978). A difference of less than 2
    says little, one above 6 much (Raftery 1995); it cannot say that the best model is good.

    References
    ----------
    Schwarz G (1978). Annals of Statistics 6(2):461-464. doi 10.1214/aos/1176344136.
    Raftery AE (1995). Sociological Methodology 25:111-163. doi 10.2307/271063.
    Yung YF, Thissen D, McLeod LD (1999). Psychometrika 64(2):113-128. doi 10.1007/BF02294531.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(1)
    >>> x, y = rng.normal(size=(2, 400))
    >>> answers = pd.DataFrame({f"x{i}": x + rng.normal(size=400) for i in range(3)})
    >>> answers = answers.assign(**{f"y{i}": y + rng.normal(size=400) for i in range(3)})
    >>> one = {"all": list(answers)}
    >>> two = {"x": ["x0", "x1", "x2"], "y": ["y0", "y1", "y2"]}
    >>> result = compare_models(answers, models={"one": one, "two": two})
    >>> result.best, result.nested[["inner", "outer", "delta_df"]].values.tolist()
    ('two', [['one', 'two', 1.0]])
    """
    chosen = estimator_class(estimator)
    table = eager(data)
    found = instrument_of(data, instrument)
    structures, titles = _structures(table, found, models)
    rows, n_total = _same_rows(table, structures, found, chosen)
    fits = {name: _fitted(rows, n_total, one, estimator) for name, one in structures.items()}
    comparison = fits_table(fits, titles, chosen)
    items = tuple(rows.columns)
    alike = len({frozenset(one.items) for one in structures.values()}) == 1
    best, caution = best_by_bic(comparison, alike=alike, estimator=chosen)
    return StructureResult(
        instrument="" if found is None else found.id,
        estimator=estimator,
        n=len(rows),
        n_total=n_total,
        items=items,
        table=comparison,
        nested=nested_table(structures, fits),
        best=best,
        fits={name: fit for name, fit in fits.items() if not isinstance(fit, ModelError)},
        readings=tuple(_readings(fits, len(rows), len(items))),
        notes=tuple(_notes(len(rows), n_total, chosen, caution)),
    )


def _structures(
    table: Any, instrument: Instrument | None, models: Models
) -> tuple[dict[str, Structure], dict[str, str]]:
    """Read every model; and return what each is called in full."""
    if isinstance(models, Mapping):
        columns = columns_of(table) if instrument is None else None
        read = {
            str(name): structure_of(model, instrument, columns) for name, model in models.items()
        }
        return _require_some(read, instrument), dict.fromkeys(read, "")
    if instrument is None:
        raise ModelError(
            "Without an instrument, the models have to be given.",
            hint='For instance models={"one": {"all": ["q1", "q2", "q3", "q4"]}}; or name an '
            "instrument.",
        )
    hint = f"Names of models: {listed(list(instrument.models))}; or a mapping of models."
    names = tuple(instrument.models)
    if models is not None:
        names = require_names("models", models, hint=hint)
    read = {name: structure_of(name, instrument) for name in names}
    titles = {name: instrument.models[name].title for name in names if name in instrument.models}
    return _require_some(read, instrument), titles


def _require_some(
    read: dict[str, Structure], instrument: Instrument | None
) -> dict[str, Structure]:
    if not read:
        where = f"{instrument.id} names no model" if instrument else "No model was given"
        raise ModelError(
            f"{where} to be fitted.", hint="Give models={name: {factor: [items]}, ...}."
        )
    return read


def _same_rows(
    table: Any,
    structures: Mapping[str, Structure],
    instrument: Instrument | None,
    estimator: type[Estimator],
) -> tuple[pd.DataFrame, int]:
    """Return the keyed answers of the rows that every model can use, and how many were given."""
    items = list(dict.fromkeys(item for one in structures.values() for item in one.items))
    (everybody,) = structure_data(table, items, instrument).groups
    answers = pd.DataFrame(everybody.rows, columns=items)
    given = answers.notna()
    if estimator.uses_gaps:
        some = [given[list(one.items)].any(axis="columns") for one in structures.values()]
        usable = pd.concat(some, axis="columns").all(axis="columns")
    else:
        usable = given.all(axis="columns")
    rows = answers[usable].reset_index(drop=True)
    if rows.empty:
        unanswered = [item for item in items if not given[item].any()]
        raise ModelError(
            "No row answers every item of the models."
            + (f" Nobody answered {listed(unanswered)}." if unanswered else ""),
            hint="estimator='FIML' uses incomplete rows as well; or leave out items that few "
            "people answered.",
        )
    return rows, len(answers)


def _fitted(
    rows: pd.DataFrame, n_total: int, structure: Structure, estimator: Estimation
) -> CfaResult | ModelError:
    """Fit one model; where it cannot be fitted, the error that says why stands in its place."""
    from relsurvey.psychometrics.structure.cfa import fit_cfa

    # One order of items for all models: what is observed then stands in one order too.
    ordered = tuple(item for item in rows.columns if item in set(structure.items))
    try:
        fit = fit_cfa(rows, replace(structure, items=ordered), estimator=estimator)
    except ModelError as problem:
        return problem
    return replace(fit, n_total=n_total)


def _readings(fits: Fits, n: int, n_items: int) -> Iterable[Reading]:
    yield sample_size("the models", n, n_items)
    for name, fit in fits.items():
        if isinstance(fit, ModelError):
            yield structural_validity(name, {}, reason="there is no fit, see the notes")
        else:
            yield replace(fit.readings[0], about=name)


def _notes(n: int, n_total: int, estimator: type[Estimator], caution: str) -> Iterable[str]:
    if n < n_total:
        rule = "without any answer" if estimator.uses_gaps else "with an item left unanswered"
        verb = "was" if n_total - n == 1 else "were"
        yield (
            f"{counted(n_total - n, 'row')} of {n_total:,} {rule} {verb} not used; every model is "
            "fitted to the same rows"
        )
    yield caution
