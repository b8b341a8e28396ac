"""Whole questionnaires simulated, scored, linked and tested: the real run from end to end."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from relsurvey.association import associate
from relsurvey.errors import LinkError, ModelError, suggestion
from relsurvey.instruments import Instrument, load_instrument
from relsurvey.linkage import Linked, link
from relsurvey.planning.parameters import SimulationParameters
from relsurvey.planning.plan import SimulationPlan, plan_simulation
from relsurvey.planning.power.design import Design
from relsurvey.planning.power.faults import failure, refuse
from relsurvey.planning.simulate import draw_study
from relsurvey.scoring import score

Floats = npt.NDArray[np.float64]

__all__ = ["QuestionnaireTest", "study_test"]

# As in simulate_study.
GENERAL_SHARE, LOADING, MISSING, NOT_APPLICABLE = 0.70, 0.75, 0.03, 0.04
LARGEST_TO_MEAN, LEAST_LARGEST = 5, 20


def study_test(instruments: tuple[Any, ...], scales: Any) -> QuestionnaireTest:
    """Return what draws one study of whole questionnaires and tests it.

    Parameters
    ----------
    instruments : pair of str, path or Instrument
        The workers' and the service users' questionnaire.
    scales : pair of str or None
        Their scales; the last of each, which is the most general, if not given.

    Raises
    ------
    ModelError
        Where there are not two of each, or a scale is unknown.
    InstrumentError
        Where an instrument cannot be loaded.
    """
    if len(instruments) != 2 or (
        scales is not None and (isinstance(scales, str) or len(scales) != 2)
    ):
        raise ModelError(
            "instruments and scales are pairs: the workers' first, then the service users'.",
            hint="For instance instruments=('rpq-16', 'peech-sc'), scales=('RC', 'TOTAL').",
        )
    asked = [load_instrument(one) for one in instruments]
    names = tuple(one.scales.ids[-1] for one in asked) if scales is None else tuple(scales)
    faults = [
        failure("scales", name, _known(instrument, name))
        for instrument, name in zip(asked, names, strict=True)
        if name not in instrument.scales.ids
    ]
    if names[0] == names[1]:
        faults.append(failure("scales", names, "two names: both questionnaires have this one"))
    refuse(faults)
    return QuestionnaireTest(asked[0], asked[1], names[0], names[1], {})


def _known(instrument: Instrument, name: str) -> str:
    near = suggestion(str(name), instrument.scales.ids)
    guess = f" (did you mean {near!r}?)" if near else ""
    return f"a scale of {instrument.id}: {', '.join(instrument.scales.ids)}{guess}"


@dataclass(frozen=True, eq=False)
class QuestionnaireTest:
    """Draws questionnaires, scores and links them, and tests the association.

    Attributes
    ----------
    workers, service_users : Instrument
        The two questionnaires.
    predictor, outcome : str
        Their scales.
    plans : dict
        What was laid out already, by design: it does not depend on chance.
    """

    workers: Instrument
    service_users: Instrument
    predictor: str
    outcome: str
    plans: dict[Design, SimulationPlan]

    def __call__(self, design: Design, seed: int, numbers: range) -> Floats:
        """Draw studies of a seed and test each; see ``StudyTest``.

        Scoring looks at one row at a time, so all studies are scored together.
        """
        plan = self._plan(design)
        studies = [draw_study(plan, _own_seed(seed, number)) for number in numbers]
        workers = _by_study([study.workers for study in studies], self.workers)
        users = _by_study([study.service_users for study in studies], self.service_users)
        team = None if design.teams is None else "team"
        found: Floats = np.empty((len(studies), 2))
        for place, sides in enumerate(zip(workers, users, strict=True)):
            try:
                found[place] = self._tested(link(*sides, team=team))
            except (LinkError, ModelError):
                found[place] = math.nan, 0.0  # counted, and said in the result's notes
        return found

    def _tested(self, linked: Linked) -> tuple[float, bool]:
        found = associate(linked, self.outcome, self.predictor)
        return found.p_value, bool(found.model.boundary)

    def _plan(self, design: Design) -> SimulationPlan:
        if design not in self.plans:
            self.plans[design] = plan_simulation(
                self.workers, self.service_users, _parameters(design)
            )
        return self.plans[design]


def _own_seed(seed: int, number: int) -> int:
    stream = np.random.SeedSequence(seed, spawn_key=(number,))
    return int(stream.generate_state(1, np.uint32)[0])


def _by_study(tables: list[pd.DataFrame], instrument: Instrument) -> list[pd.DataFrame]:
    """Score the answers of several studies, and give them back apart."""
    scored = score(pd.concat(tables, ignore_index=True), instrument)
    ends = np.cumsum([0, *map(len, tables)])
    return [scored.iloc[a:b].reset_index(drop=True) for a, b in itertools.pairwise(ends)]


def _parameters(design: Design) -> SimulationParameters:
    workers = design.workers_answering
    users = max(round(workers * design.users_per_worker * (1.0 - design.attrition_users)), workers)
    return SimulationParameters(
        n_workers=workers,
        n_teams=min(design.teams or 1, workers),
        n_service_users=users,
        correlation=design.correlation,
        icc=design.icc,
        team_share=design.team_share,
        general_share=GENERAL_SHARE,
        loading=LOADING,
        ceiling=design.ceiling,
        missing=MISSING,
        not_applicable=NOT_APPLICABLE,
        unmatched_workers=0,
        unmatched_service_users=0,
        without_id=0,
        largest_group=max(LEAST_LARGEST, round(LARGEST_TO_MEAN * design.users_per_worker)),
        seed=0,
    )
