"""Models in any of the ways they are given: mapping, definition, name or text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from relsurvey.errors import ModelError, listed, suggestion
from relsurvey.instruments import Instrument
from relsurvey.instruments.evidence import Model
from relsurvey.psychometrics.structure.cells import Cell, Matrix, Structure, simple_structure
from relsurvey.psychometrics.structure.syntax import parsed

__all__ = ["Cell", "Matrix", "ModelLike", "Structure", "structure_of"]

ModelLike: TypeAlias = "str | Model | Structure | Mapping[str, Sequence[str]]"

FEWEST_FOR_METHOD = 2


def structure_of(
    model: ModelLike, instrument: Instrument | None = None, columns: Iterable[str] | None = None
) -> Structure:
    """Read a model in any of the ways it can be given.

    Parameters
    ----------
    model : mapping, str, Model or Structure
        ``{factor: [items]}`` (a factor may also name other factors), the name of a model of
        the instrument, such a `Model` itself, or text in the lavaan style (see ``syntax``).
    instrument : Instrument, optional
        Whose models can be named, and whose items there are.
    columns : iterable of str, optional
        Items there are; those of the instrument if not given.

    Returns
    -------
    Structure
        The model. Correlated factors where nothing else is said.

    Raises
    ------
    ModelError
        Where the model names an item that is not there or a model the instrument has not, or
        cannot be read.

    Examples
    --------
    >>> model = structure_of({"trust": ["a", "b", "c"], "calm": ["d", "e", "f"]})
    >>> model.items, [(c.row, c.column) for c in model.of("psi")]
    (('a', 'b', 'c', 'd', 'e', 'f'), [('trust', 'trust'), ('calm', 'calm'), ('trust', 'calm')])
    """
    if isinstance(model, Structure):
        found = model
    elif isinstance(model, Model):
        found = _of_model(model)
    elif isinstance(model, str) and ("~" in model or "\n" in model.strip()):
        found = parsed(model)
    elif isinstance(model, str):
        found = _of_model(_named(model, instrument), model)
    elif isinstance(model, Mapping):
        found = _of_mapping(model)
    else:
        raise ModelError(
            f"A model cannot be a {type(model).__name__}.",
            hint="Give {factor: [items]}, the name of a model of the instrument, or a text such "
            "as 'trust =~ q1 + q2 + q3'.",
        )
    known = columns if columns is not None else (instrument.item_ids if instrument else None)
    if known is not None:
        _require_known(found, list(known))
    return found


def _of_mapping(model: Mapping[Any, Any]) -> Structure:
    loadings: list[tuple[str, str]] = []
    for factor, parts in model.items():
        if isinstance(parts, str) or not isinstance(parts, Iterable):
            raise ModelError(
                f"Factor {factor!r} has to be a list of items; found {parts!r}.",
                hint=f'For instance {{"{factor}": ["q1", "q2", "q3"]}}.',
            )
        loadings += [(str(factor), str(part)) for part in parts]
    empty = [str(factor) for factor in model if not any(f == str(factor) for f, _ in loadings)]
    _require_sound(loadings, empty)
    return simple_structure(loadings)


def _require_sound(loadings: Sequence[tuple[str, str]], empty: Sequence[str]) -> None:
    twice = sorted({pair for pair in loadings if loadings.count(pair) > 1})
    faults = [{"factor": factor, "found": "no item"} for factor in empty]
    faults += [{"factor": factor, "found": f"{part!r} more than once"} for factor, part in twice]
    faults += [
        {"factor": factor, "found": "itself among its items"}
        for factor, part in loadings
        if factor == part
    ]
    if faults or not loadings:
        raise ModelError(
            "The model cannot be read." if faults else "The model has no factor.",
            hint='For instance {"trust": ["q1", "q2", "q3"]}: every factor with its items, each '
            "once, under a name that no item has.",
            failures=faults,
        )


def _named(name: str, instrument: Instrument | None) -> Model:
    if instrument is None:
        raise ModelError(
            f"The model {name!r} cannot be looked up: there is no instrument.",
            hint="Name the instrument, or give the model as {factor: [items]}.",
        )
    if name in instrument.models:
        return instrument.models[name]
    near = suggestion(name, instrument.models)
    guess = f"Did you mean {near!r}? " if near else ""
    raise ModelError(
        f"{instrument.id} has no model {name!r}.",
        hint=f"{guess}It has: {listed(list(instrument.models)) or 'none'}.",
    )


def _of_model(model: Model, name: str = "") -> Structure:
    parts = {**model.factors, **model.second_order, **model.method_factors}
    loadings = [(factor, part) for factor, inside in parts.items() for part in inside]
    apart = list(parts) if model.kind == "bifactor" else list(model.method_factors)
    given = [
        Cell("lambda", item, factor, label=f"{factor} (equal)")
        for factor, items in model.method_factors.items()
        if len(items) == FEWEST_FOR_METHOD
        for item in items
    ]
    return simple_structure(loadings, uncorrelated=apart, given=given, name=name or model.title)


def _require_known(structure: Structure, known: Sequence[str]) -> None:
    clash = [factor for factor in structure.factors if factor in structure.loaded_factors]
    clash = [factor for factor in clash if factor in known]
    absent = [item for item in structure.items if item not in known]
    failures: list[dict[str, str]] = []
    for item in absent:
        near = suggestion(item, known)
        failures.append({"item": item} | ({"did you mean": near} if near else {}))
    if absent:
        count = "1 item is" if len(absent) == 1 else f"{len(absent)} items are"
        raise ModelError(
            f"{count} in the model and not in the data: {listed(absent)}.",
            hint=f"There are: {listed(known)}.",
            failures=failures,
        )
    if clash:
        raise ModelError(
            f"{listed(clash)} is the name of a column and of a factor that loads on another one.",
            hint="Give the factor a name of its own, so that it is plain which one is meant.",
        )
