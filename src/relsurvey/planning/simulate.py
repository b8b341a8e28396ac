"""Draw both files of a study from known parameters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from relsurvey.instruments import InstrumentLike
from relsurvey.planning.frames import coded_answers, not_applicable_code, table, trait_columns
from relsurvey.planning.groups import draw_people, numbered
from relsurvey.planning.holes import blank_cells, not_applicable_cells
from relsurvey.planning.implied import Side
from relsurvey.planning.items import draw_categories
from relsurvey.planning.parameters import SimulationParameters
from relsurvey.planning.plan import SimulationPlan, plan_simulation
from relsurvey.planning.simulated import SimulatedStudy
from relsurvey.planning.traits import domain_traits, experience_traits, worker_traits

__all__ = ["draw_study", "simulate_study"]

Real = npt.NDArray[np.float64]


def simulate_study(
    instrument_workers: InstrumentLike = "rpq-16",
    instrument_service_users: InstrumentLike = "peech-sc",
    *,
    n_workers: int = 120,
    n_teams: int = 14,
    n_service_users: int = 900,
    correlation: float = 0.35,
    icc: float = 0.12,
    team_share: float = 0.10,
    general_share: float = 0.70,
    loading: float = 0.75,
    ceiling: float | None = 0.55,
    missing: float = 0.03,
    not_applicable: float = 0.04,
    unmatched_workers: int = 6,
    unmatched_service_users: int = 20,
    without_id: int = 5,
    largest_group: int = 20,
    seed: int,
) -> SimulatedStudy:
    """Draw a study of workers and the people they work with, with a known association.

    Parameters
    ----------
    instrument_workers, instrument_service_users : str, path or Instrument
        What is asked. For many replicates pass loaded instruments; reading a YAML file takes
        longer than drawing a study.
    n_workers, n_teams, n_service_users : int
        Rows of the workers' file, teams they belong to, rows of the service users' file.
    correlation : float
        Between a worker's reflective capacity and the mean experience of their service users,
        as traits without error. It is the same between teams and within them.
    icc : float
        Share of the variance of experience that lies between workers.
    team_share : float
        Share of the variance of both worker traits that lies between teams.
    general_share : float
        Share of a domain's variance that comes from the general trait (reflective capacity or
        experience); also the correlation of any two domains. The rest is the domain's own, and
        for service users varies within workers only. No part in an instrument of one domain.
    loading : float
        Mean correlation of the normal variable under an item with the trait of its domain;
        items lie up to 0.10 around it. The mean discrimination is about
        ``loading / sqrt(1 - loading**2)``.
    ceiling : float or None
        Mean share of service users who give an item the best answer; items lie up to 0.10
        around it, and each further answer is half as frequent as the better one. ``None``: a
        bell-shaped distribution, as workers have it.
    missing : float
        Expected share of cells left blank, in both files. It varies from person to person.
    not_applicable : float
        Mean share of "does not apply" among the service users' answers; items lie between
        none and twice as much. No part where the instrument has no such code.
    unmatched_workers : int
        Workers of the file without any service user.
    unmatched_service_users : int
        Service users whose worker did not answer and is not in the workers' file.
    without_id : int
        Service users who do not name their worker.
    largest_group : int
        Most service users who name one worker; the least is 1.
    seed : int
        0 or more. The same seed gives the same study; shares of holes can be changed without
        changing the people, their traits or their other answers.

    Returns
    -------
    SimulatedStudy
        Both files, the truth, and the traits.

    Raises
    ------
    ModelError
        Where parameters are out of bounds or at odds; each is in ``.failures``.
    InstrumentError
        Where an instrument cannot be loaded.

    Notes
    -----
    Traits are normal with variance 1. Items follow the normal-ogive graded response model
    (Samejima 1969): the thresholds are the normal quantiles of the wanted shares. They depend
    on the instrument and the parameters, never on the seed, so that replicates are drawn from
    one population. All domains of an instrument relate to its general trait in the same
    direction: in ``rpq-40`` stress would go up with reflection. Group sizes, blanks and "does
    not apply" are unrelated to the traits.

    References
    ----------
    Samejima F (1969). Estimation of latent ability using a response pattern of graded scores.
    Psychometrika Monograph Supplement 17.
    Baker FB, Kim S-H (2004). Item Response Theory: Parameter Estimation Techniques, 2nd ed.
    Marcel Dekker.

    Examples
    --------
    >>> study = simulate_study(n_workers=30, n_teams=4, n_service_users=200, seed=1)
    >>> study.workers.iloc[:2, :4]
      worker_id team  RIA1  RIA2
    0      W001  T03   4.0   6.0
    1      W002  T03   3.0   NaN
    >>> study.truth["latent"]["correlation"]
    0.35
    """
    parameters = SimulationParameters(
        n_workers=n_workers,
        n_teams=n_teams,
        n_service_users=n_service_users,
        correlation=correlation,
        icc=icc,
        team_share=team_share,
        general_share=general_share,
        loading=loading,
        ceiling=ceiling,
        missing=missing,
        not_applicable=not_applicable,
        unmatched_workers=unmatched_workers,
        unmatched_service_users=unmatched_service_users,
        without_id=without_id,
        largest_group=largest_group,
        seed=seed,
    )
    plan = plan_simulation(instrument_workers, instrument_service_users, parameters)
    return draw_study(plan, parameters.seed)


def draw_study(plan: SimulationPlan, seed: int) -> SimulatedStudy:
    """Draw one study from a plan.

    Parameters
    ----------
    plan : SimulationPlan
        What to draw from; ``plan.parameters.seed`` is not used.
    seed : int
        0 or more.

    Returns
    -------
    SimulatedStudy
    """
    parameters = plan.parameters
    # One stream a part, so that a change to one part leaves the draws of the others as they are.
    groups, traits, *streams = np.random.default_rng(seed).spawn(8)
    people = draw_people(groups, parameters)
    reflection, experience = worker_traits(
        traits, people.team, parameters.correlation, parameters.team_share
    ).T
    experiences = experience_traits(traits, experience[people.worker], parameters.icc)
    worker_answers, worker_traits_of_domains = _answers(
        plan.workers, reflection, parameters.missing, streams[:3]
    )
    answers, traits_of_domains = _answers(
        plan.service_users, experiences, parameters.missing, streams[3:]
    )
    worker_ids = numbered("W", people.team.size, 3)
    respondent_ids = numbered("R", people.worker.size, 4)
    teams = numbered("T", parameters.n_teams, 2)[people.team]
    workers = table({"worker_id": worker_ids, "team": teams}, worker_answers)
    named = worker_ids[people.worker]
    named[~people.with_id] = None
    return SimulatedStudy(
        workers=workers.loc[people.answered].reset_index(drop=True),
        service_users=table({"respondent_id": respondent_ids, "worker_id": named}, answers),
        truth=plan.truth | {"parameters": plan.truth["parameters"] | {"seed": seed}},
        latent_workers=table(
            {
                "worker_id": worker_ids,
                "team": teams,
                "answered": people.answered,
                "reflective_capacity": reflection,
                "mean_experience": experience,
            },
            worker_traits_of_domains,
        ),
        latent_service_users=table(
            {
                "respondent_id": respondent_ids,
                "worker_id": worker_ids[people.worker],
                "experience": experiences,
            },
            traits_of_domains,
        ),
    )


def _answers(
    side: Side, general: Real, missing: float, streams: Sequence[np.random.Generator]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw one side's answers from its general trait; return them and the domain traits."""
    for_domains, for_items, for_holes = streams
    items, n = side.items, general.size
    traits = domain_traits(for_domains, general, len(items.domain_ids), side.general_share)
    categories = draw_categories(for_items, traits, items)
    # "Does not apply" first: it takes the same draws whatever the share of blanks.
    applies_not = not_applicable_cells(for_holes, n, items.not_applicable)
    blank = blank_cells(for_holes, n, len(items.item_ids), missing)
    code = not_applicable_code(side.instrument)
    coded = coded_answers(items, categories, blank, applies_not, code)
    return coded, trait_columns(items, traits)
