"""What a study run gives back: both surveys, the link, the associations, and where it came from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from relsurvey.results import Drawn, json_ready
from relsurvey.study.summary import summary_of

if TYPE_CHECKING:
    from relsurvey.agreement import ScalesAgreement
    from relsurvey.association import AssociationResult
    from relsurvey.association.family import FamilyResult
    from relsurvey.association.panel import Companions
    from relsurvey.instruments import Instrument
    from relsurvey.intake import Responses
    from relsurvey.linkage import Linked
    from relsurvey.psychometrics import ItemResult, ReliabilityResult
    from relsurvey.psychometrics.structure import StructureResult
    from relsurvey.quality import QualityResult
    from relsurvey.sensitivity import SensitivityResult, SpecificationCurve
    from relsurvey.small_groups import SmallGroupRules
    from relsurvey.study.kept import LockState
    from relsurvey.study.plan import StudyPlan
    from relsurvey.study.teams import TeamScores

__all__ = ["Provenance", "StudyResult", "Survey"]


@dataclass(frozen=True)
class Survey:
    """One of the two surveys, read, scored and checked.

    Attributes
    ----------
    role : {"worker", "service_user"}
        Who answered.
    responses : Responses
        What came back, without those who were left out for the quality of their answers.
    instrument : Instrument
        What was asked.
    scores : pandas.DataFrame
        One row a respondent, as ``relsurvey.score`` gives it.
    reliability : ReliabilityResult
        One row a scale.
    items : ItemResult
        One row an item of a scale.
    quality : QualityResult
        The check of all that came back; its ``exclusion`` says who was left out.
    structure : StructureResult or None
        The factor models that the instrument names, side by side; ``None`` where they could not
        be fitted.
    structure_note : str
        Why not; empty otherwise.
    """

    role: str
    responses: Responses
    instrument: Instrument
    scores: pd.DataFrame
    reliability: ReliabilityResult
    items: ItemResult
    quality: QualityResult
    structure: StructureResult | None = None
    structure_note: str = ""

    @property
    def n_waves(self) -> int:
        """Waves in the export; 0 where the plan names no column of them."""
        wave = self.responses.meta.get("wave")
        return 0 if wave is None else int(wave.nunique())

    @property
    def n_answered(self) -> int:
        """Respondents before anybody was left out."""
        return self.quality.n

    @property
    def excluded(self) -> dict[str, int]:
        """Respondents left out by each rule that was named; empty where none was."""
        exclusion = self.quality.exclusion
        if exclusion is None:
            return {}
        counts = exclusion.counts
        return dict(zip(counts["rule"], counts["n_excluded"].tolist(), strict=True))

    @property
    def rules_named(self) -> tuple[dict[str, Any], ...]:
        """The rules that were named, each with ``rule, looks_at, threshold, source, judged, note``.

        As they were applied; in the order in which they count.
        """
        table = self.quality.rules.set_index("rule", drop=False)
        rows = table.loc[list(self.excluded)].to_dict(orient="records")
        return tuple({str(name): value for name, value in row.items()} for row in rows)


@dataclass(frozen=True)
class Provenance:
    """Where the figures come from, so that somebody else can get them again.

    Attributes
    ----------
    inputs : tuple of (str, str, int)
        Name, SHA-256 and number of answers of each file read.
    instruments : tuple of (str, str, str)
        Id, version and SHA-256 of each instrument.
    software : dict of str to str
        Versions of this package, of Python and of the libraries that compute.
    seed : int
        From the study file.
    command : str
        What was asked for, with file names only.
    created : str
        Date (ISO, UTC).
    """

    inputs: tuple[tuple[str, str, int], ...]
    instruments: tuple[tuple[str, str, str], ...]
    software: dict[str, str]
    seed: int
    command: str
    created: str


@dataclass(frozen=True)
class StudyResult(Drawn):
    """Everything a study run found.

    Attributes
    ----------
    plan : StudyPlan
        The study file.
    workers, service_users : Survey
        The two surveys.
    linked : Linked
        Service users with the scores of their worker.
    primary : AssociationResult
        The association the study stands for.
    secondary : tuple of AssociationResult
        Further ones, in the order of the study file.
    provenance : Provenance
        Inputs, versions, seed.
    folder : pathlib.Path or None
        Where the results were written.
    companions : Companions or None
        What other methods say to the primary question; ``None`` where it was not asked.
    family : FamilyResult or None
        The primary one and the secondary ones side by side, these adjusted for how many they
        are; ``None`` where there are no secondary ones.
    everyone : tuple of AssociationResult
        The same associations with those who were left out for the quality of their answers,
        the primary one first; empty where nobody was, or where they cannot be had.
    everyone_note : str
        Why they cannot be had; empty otherwise.
    agreement : ScalesAgreement or None
        How far service users of one worker agree, for each scale; ``None`` where that cannot be
        said.
    agreement_note : str
        Why not; empty otherwise.
    sensitivity : SensitivityResult or None
        The primary question with one thing changed at a time; ``None`` where it was not asked
        or cannot be had.
    curve : SpecificationCurve or None
        The primary question in every combination of defensible choices; ``None`` where it was
        not asked or cannot be had.
    companions_note, sensitivity_note, curve_note : str
        Why these cannot be had; empty otherwise.
    teams : TeamScores or None
        What staff say of their teams; ``None`` where they were not asked.
    lock : LockState or None
        Whether the run kept to the plan that was locked; ``None`` where none was.
    source : pathlib.Path or None
        The study file.
    started : datetime.datetime or None
        When the run began (UTC).
    """

    _figure: ClassVar[str] = "plot_flow"

    plan: StudyPlan
    workers: Survey
    service_users: Survey
    linked: Linked
    primary: AssociationResult
    secondary: tuple[AssociationResult, ...]
    provenance: Provenance
    folder: Path | None = None
    everyone: tuple[AssociationResult, ...] = ()
    everyone_note: str = ""
    companions: Companions | None = None
    family: FamilyResult | None = None
    agreement: ScalesAgreement | None = None
    agreement_note: str = ""
    sensitivity: SensitivityResult | None = None
    curve: SpecificationCurve | None = None
    companions_note: str = ""
    sensitivity_note: str = ""
    curve_note: str = ""
    teams: TeamScores | None = None
    lock: LockState | None = None
    source: Path | None = None
    started: dt.datetime | None = None

    @property
    def title(self) -> str:
        """The study's title."""
        return self.plan.title

    @property
    def question(self) -> str | None:
        """What the study asks, in the words of the study file."""
        return self.plan.question

    @property
    def notice(self) -> str | None:
        """What every reader has to know first."""
        return self.plan.notice

    @property
    def threshold(self) -> int:
        """Smallest group of which a report speaks."""
        return self.plan.disclosure.threshold

    @property
    def small_groups(self) -> SmallGroupRules:
        """The rules by which small groups are protected."""
        return self.plan.disclosure.rules

    @property
    def alpha(self) -> float:
        """Two-sided error probability."""
        return self.plan.alpha

    @property
    def report_path(self) -> Path | None:
        """Where the HTML report is, if it was written."""
        return None if self.folder is None else self.folder / "shareable" / "report.html"

    @property
    def warnings(self) -> tuple[str, ...]:
        """What reading the exports found that somebody should look at."""
        read = [
            f"{survey.responses.path.name}: {line}"
            for survey in (self.workers, self.service_users)
            for line in survey.responses.log.warning_lines
        ]
        idle = [
            f"{survey.responses.path.name}: the rule {row['rule']} leaves nobody out, since it "
            f"could not be judged: {row['note']}."
            for survey in (self.workers, self.service_users)
            for row in survey.quality.rules.to_dict(orient="records")
            if row["rule"] in survey.excluded and not row["judged"]
        ]
        return (
            *self._pooled,
            *read,
            *idle,
            *filter(None, [self.everyone_note]),
            *self._not_computed,
        )

    @property
    def _pooled(self) -> tuple[str, ...]:
        """What is done with several waves, and what is there for them."""
        return tuple(
            f"{survey.responses.path.name}: it has {survey.n_waves} waves, and all its rows are "
            "pooled: who answered in several counts as several people. Change between waves: "
            "relsurvey change. For one wave alone, keep its rows only."
            for survey in (self.workers, self.service_users)
            if survey.n_waves > 1
        )

    @property
    def _not_computed(self) -> tuple[str, ...]:
        """What could not be computed of the associations, and of what rests on them."""
        associations = [
            f"{one.outcome} by {one.predictor} could not be computed: {one.note}"
            for one in self.secondary
            if one.note
        ]
        others = [
            f"There is no {what}: {note.rstrip('.')}."
            for what, note in (
                ("panel of other methods", self.companions_note),
                ("check of sensitivity", self.sensitivity_note),
                ("specification curve", self.curve_note),
            )
            if note
        ]
        return (*associations, *others)

    @property
    def read_as(self) -> tuple[str, ...]:
        """What each export was taken for, which rows of it for no respondents, and why."""
        read = [self.workers.responses, self.service_users.responses]
        read += [] if self.teams is None else [self.teams.responses]
        return tuple(
            f"{one.path.name}: {' '.join([one.log.recognised, *one.log.left_out])}" for one in read
        )

    def to_frame(self) -> pd.DataFrame:
        """Return the figures of every association, one row each, the primary ones first.

        Where respondents were left out, those with everybody stand last, as "primary, everybody"
        and "secondary, everybody".
        """
        runs = ((self.primary, *self.secondary), ""), (self.everyone, ", everybody")
        frames = []
        for associations, whose in runs:
            for position, one in enumerate(associations):
                frame = one.to_frame()
                kind = ("secondary" if position else "primary") + whose
                for column, value in enumerate((kind, one.predictor, one.outcome)):
                    frame.insert(column, ("hypothesis", "predictor", "outcome")[column], value)
                frames.append(frame)
        return pd.concat(frames, ignore_index=True)

    def to_dict(self) -> dict[str, Any]:
        """Return the figures, ready for ``json.dumps``; never rows or ids of persons."""
        surveys = (self.workers, self.service_users)
        figures = {
            "title": self.title,
            "read_as": self.read_as,
            "warnings": self.warnings,
            "folder": self.folder,
            "report": self.report_path,
            "plan": self.plan,
            "lock": self.lock,
            "linkage": self.linked.log,
            "reliability": {one.instrument.id: one.reliability.to_frame() for one in surveys},
            "items": {one.instrument.id: one.items.to_frame() for one in surveys},
            "quality": {one.instrument.id: one.quality for one in surveys},
            "everyone": self.everyone,
            "primary": self.primary,
            "companions": None if self.companions is None else self.companions.to_frame(),
            "secondary": self.secondary,
            "family": self.family,
            "structure": {one.instrument.id: one.structure for one in surveys},
            "agreement": self.agreement,
            "sensitivity": self.sensitivity,
            "curve": self.curve,
            "teams": self.teams,
            "provenance": self.provenance,
        }
        return {name: json_ready(value) for name, value in figures.items()}

    def _short_text(self) -> str:
        return f"{self.title}: {self.primary.sentence}"

    def summary(self) -> str:
        """Return the run in a few paragraphs, the result first; counts in it are exact."""
        return summary_of(self)
