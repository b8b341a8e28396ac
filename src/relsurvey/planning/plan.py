"""A simulation laid out: all that does not depend on chance, worked out once."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from relsurvey.errors import ModelError
from relsurvey.instruments import Instrument, InstrumentLike, load_instrument
from relsurvey.planning.implied import Side, implied_values
from relsurvey.planning.items import item_parameters
from relsurvey.planning.parameters import SimulationParameters

__all__ = ["SimulationPlan", "plan_simulation"]


@dataclass(frozen=True, slots=True)
class SimulationPlan:
    """Parameters, items and what they imply; from it any number of studies can be drawn.

    Attributes
    ----------
    parameters : SimulationParameters
        As asked for.
    workers, service_users : Side
        The two questionnaires.
    truth : dict
        What :func:`relsurvey.simulate_study` returns as ``truth``.
    """

    parameters: SimulationParameters
    workers: Side
    service_users: Side
    truth: dict[str, Any]


def plan_simulation(
    instrument_workers: InstrumentLike,
    instrument_service_users: InstrumentLike,
    parameters: SimulationParameters,
) -> SimulationPlan:
    """Lay out items and population values.

    Parameters
    ----------
    instrument_workers, instrument_service_users : str, path or Instrument
        The two questionnaires.
    parameters : SimulationParameters
        Checked parameters.

    Returns
    -------
    SimulationPlan

    Raises
    ------
    InstrumentError
        Where an instrument cannot be loaded.
    ModelError
        Where an instrument is answered by the other side.
    """
    first, second = load_instrument(instrument_workers), load_instrument(instrument_service_users)
    _check_respondents(first, second)
    # Workers describe themselves all over the scale and can always answer; the ceiling and
    # "does not apply" are the service users'.
    workers = _side(first, parameters, ceiling=None, not_applicable=0.0)
    service_users = _side(
        second,
        parameters,
        ceiling=parameters.ceiling,
        not_applicable=parameters.not_applicable,
    )
    implied = implied_values(
        workers, service_users, correlation=parameters.correlation, icc=parameters.icc
    )
    truth = {
        "parameters": {
            "instrument_workers": f"{first.id} {first.version}",
            "instrument_service_users": f"{second.id} {second.version}",
            **asdict(parameters),
        },
        "latent": _latent_values(parameters),
        "scores": implied,
        "items": {"workers": _item_values(workers), "service_users": _item_values(service_users)},
    }
    return SimulationPlan(parameters, workers, service_users, truth)


def _check_respondents(workers: Instrument, service_users: Instrument) -> None:
    asked = {"instrument_workers": workers, "instrument_service_users": service_users}
    failures = [
        {
            "parameter": name,
            "value": instrument.id,
            "allowed": f"an instrument answered by the {respondent} (this one: "
            f"{instrument.respondent})",
        }
        for (name, instrument), respondent in zip(
            asked.items(), ("worker", "service_user"), strict=True
        )
        if instrument.respondent != respondent
    ]
    if failures:
        raise ModelError("An instrument is answered by the other side.", failures=failures)


def _side(
    instrument: Instrument,
    parameters: SimulationParameters,
    *,
    ceiling: float | None,
    not_applicable: float,
) -> Side:
    items = item_parameters(
        instrument, loading=parameters.loading, ceiling=ceiling, not_applicable=not_applicable
    )
    single = len(items.domain_ids) == 1
    return Side(instrument, items, 1.0 if single else parameters.general_share)


def _latent_values(parameters: SimulationParameters) -> dict[str, float]:
    """Return population values of the general traits; both have variance 1."""
    return {
        "correlation": parameters.correlation,
        "slope": parameters.correlation * parameters.icc**0.5,
        "icc": parameters.icc,
        "team_share": parameters.team_share,
    }


def _item_values(side: Side) -> dict[str, dict[str, Any]]:
    items = side.items
    values = {}
    for number, item in enumerate(items.item_ids):
        # Shares as the file shows them: a reverse-keyed item is answered the other way round.
        shares = items.shares[number][:: -1 if items.reversed[number] else 1]
        loading = float(items.loadings[number])
        values[item] = {
            "domain": items.domain_ids[items.domain[number]],
            "reverse": bool(items.reversed[number]),
            "loading": loading,
            "discrimination": loading / (1.0 - loading**2) ** 0.5,
            "thresholds": items.thresholds[number].tolist(),
            "shares": dict(zip(items.codes.tolist(), shares.tolist(), strict=True)),
            "not_applicable": float(items.not_applicable[number]),
        }
    return values
