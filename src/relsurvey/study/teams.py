"""What staff say of their team, averaged by team: a third survey beside workers and users."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from relsurvey.agreement import ScalesAgreement, scale_agreement
from relsurvey.errors import RelSurveyError, StudyError
from relsurvey.instruments import Instrument
from relsurvey.intake import Responses
from relsurvey.results import Drawn
from relsurvey.scoring import score
from relsurvey.study.plan import StudyPlan, TeamSurvey, team_columns
from relsurvey.text import counted, readable

__all__ = ["TeamScores", "team_scores", "with_team_scores"]


@dataclass(frozen=True, eq=False)
class TeamScores(Drawn):
    """Staff's scores by team; no team is named but in ``means``, which stays restricted.

    Attributes
    ----------
    instrument : Instrument
        What staff were asked.
    responses : Responses
        What came back.
    scores : pandas.DataFrame
        One row a member of staff, as ``relsurvey.score`` gives it.
    columns : dict of str to str
        By scale: what its mean by team is called in the linked table.
    means : pandas.DataFrame
        One row a team, indexed by its id: the mean of each scale under its name in ``columns``;
        NaN where fewer than ``fewest`` staff have the score.
    scales : pandas.DataFrame
        One row a scale: ``scale, title, n_staff`` (with a score), ``mean, sd`` over staff,
        ``n_teams`` with a mean, ``icc2`` (how reliable the teams' means are), ``rwg`` (mean of
        r_wg(j) over teams, uniform null), ``note``.
    fewest : int
        How many staff a team's mean needs.
    n_teams : int
        Teams that staff named.
    n_teams_small : int
        Of these, teams that have no mean on any scale.
    n_staff_without_team : int
        Staff who named no team; they are in no mean.
    n_workers_without : int
        Workers whose team has no mean on any scale, or who have no team.
    n_worker_teams, n_worker_teams_without : int
        Teams the workers are in, and those of them without a mean.
    agreement : ScalesAgreement or None
        How far staff of one team agree, scale by scale; ``None`` where that cannot be said.
    """

    _figure: ClassVar[str] = "plot_team_scores"

    instrument: Instrument
    responses: Responses
    scores: pd.DataFrame = field(repr=False)
    columns: dict[str, str]
    means: pd.DataFrame = field(repr=False)
    scales: pd.DataFrame
    fewest: int
    n_teams: int
    n_teams_small: int
    n_staff_without_team: int
    n_workers_without: int
    n_worker_teams: int
    n_worker_teams_without: int
    agreement: ScalesAgreement | None = field(default=None, repr=False)

    @property
    def n_staff(self) -> int:
        """Staff who answered."""
        return self.responses.n

    def scale_of(self, column: str) -> str | None:
        """Return the scale whose mean by team a column of the linked table holds."""
        return next((scale for scale, name in self.columns.items() if name == column), None)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a scale, unrounded; no team is in it."""
        return self.scales.copy()

    def to_dict(self) -> dict[str, Any]:
        """Return what is known of scales and numbers, ready for ``json.dumps``; no team in it."""
        kept = super().to_dict()
        for name in ("responses", "scores", "means", "agreement", "instrument"):
            kept.pop(name)
        return {"instrument": self.instrument.id, "n_staff": self.n_staff, **kept}

    def summary(self) -> str:
        """Return the teams' scores as a text for people, in which no team is named."""
        lines = [
            f"Teams ({self.instrument.short_title})",
            f"{counted(self.n_staff, 'member of staff', 'members of staff')} in "
            f"{counted(self.n_teams, 'team')}; a team's mean needs {self.fewest} of them"
            + self._small_text(),
        ]
        if self.n_workers_without:
            lines.append(
                f"{counted(self.n_workers_without, 'worker')} in "
                f"{counted(self.n_worker_teams_without, 'team')} of {self.n_worker_teams:,} have "
                "no team score; nothing is put in its place."
            )
        if self.n_staff_without_team:
            lines.append(
                f"{counted(self.n_staff_without_team, 'member of staff', 'members of staff')} "
                "named no team."
            )
        lines += [
            f"  {row['title']:<28} mean {readable(row['mean'])} (SD {readable(row['sd'])}), "
            f"ICC(2) {readable(row['icc2'])}, r_wg {readable(row['rwg'])}"
            for row in self.scales.to_dict("records")
        ]
        return "\n".join(lines)

    def _small_text(self) -> str:
        if not self.n_teams_small:
            return "."
        return f", and {counted(self.n_teams_small, 'team')} had fewer on every scale."


def team_scores(
    plan: StudyPlan,
    survey: TeamSurvey,
    responses: Responses,
    workers: Responses,
    others: Sequence[Instrument],
) -> TeamScores:
    """Score staff and average them by team.

    Parameters
    ----------
    plan : StudyPlan
        For the level of the intervals and the disclosure threshold.
    survey : TeamSurvey
        What the study file says of the survey of teams.
    responses : Responses
        What staff answered.
    workers : Responses
        The study's workers, whose teams are to be found among those of the staff.
    others : sequence of Instrument
        Those of workers and service users, whose names the means may not take.

    Returns
    -------
    TeamScores
        The means and what is known of them.

    Raises
    ------
    StudyError
        Where no team of the workers is among those of the staff.
    """
    scores = score(responses)
    columns = team_columns(responses.instrument, others)
    team = _clean(scores["team"])
    means = _means(scores, team, columns, survey.fewest)
    theirs = _clean(workers.meta["team"])
    has = means.notna().any(axis=1)
    scored = theirs.isin(means.index[has])
    if not theirs.dropna().isin(means.index).any():
        raise StudyError(
            f"No team of {workers.path.name} is among the teams of {responses.path.name}.",
            hint="Teams are matched by their ids as they stand: check 'team' under workers and "
            "under teams.",
        )
    agreement = _agreement(plan, responses)
    return TeamScores(
        instrument=responses.instrument,
        responses=responses,
        scores=scores,
        columns=columns,
        means=means,
        scales=_scales(responses.instrument, scores, columns, means, agreement),
        fewest=survey.fewest,
        n_teams=len(means),
        n_teams_small=int((~has).sum()),
        n_staff_without_team=int(team.isna().sum()),
        n_workers_without=int((~scored).sum()),
        n_worker_teams=int(theirs.nunique()),
        n_worker_teams_without=int(theirs[~scored].nunique()),
        agreement=agreement,
    )


def with_team_scores(workers: pd.DataFrame, teams: TeamScores) -> pd.DataFrame:
    """Put the mean of each worker's team beside the worker; NaN where the team has none."""
    own = _clean(workers["team"])
    return workers.assign(**{name: own.map(teams.means[name]) for name in teams.columns.values()})


def _clean(ids: pd.Series[Any]) -> pd.Series[Any]:
    """Return ids without blanks around them; a blank one is none."""
    text = ids.astype(object).where(ids.notna())
    stripped = text.map(lambda one: str(one).strip(), na_action="ignore")
    return stripped.where(stripped != "")


def _means(
    scores: pd.DataFrame, team: pd.Series[Any], columns: dict[str, str], fewest: int
) -> pd.DataFrame:
    groups = scores[list(columns)].groupby(team.to_numpy())
    return groups.mean().where(groups.count() >= fewest).rename(columns=columns)


def _agreement(plan: StudyPlan, responses: Responses) -> ScalesAgreement | None:
    try:
        return scale_agreement(
            responses, "team", confidence=1 - plan.alpha, threshold=plan.disclosure.threshold
        )
    except RelSurveyError:
        return None


def _scales(
    instrument: Instrument,
    scores: pd.DataFrame,
    columns: dict[str, str],
    means: pd.DataFrame,
    agreement: ScalesAgreement | None,
) -> pd.DataFrame:
    found = {} if agreement is None else agreement.table.set_index("scale").to_dict("index")
    rows = []
    for scale in instrument.scales:
        values, known = scores[scale.id], found.get(scale.id, {})
        rows.append(
            {
                "scale": scale.id,
                "title": scale.title,
                "n_staff": int(values.notna().sum()),
                "mean": float(values.mean()),
                "sd": float(values.std(ddof=1)),
                "n_teams": int(means[columns[scale.id]].notna().sum()),
                "icc2": known.get("icc2", np.nan),
                "rwg": known.get("rwg_j_mean", np.nan),
                "note": known.get("note", "how far staff agree could not be computed"),
            }
        )
    return pd.DataFrame(rows)
