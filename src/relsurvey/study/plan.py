"""The study file: what is compared with what, settled before anybody looks at the answers."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from relsurvey.documents import Fault, Place, read_yaml, validate
from relsurvey.errors import InstrumentError, StudyError, listed, suggested_file, suggestion
from relsurvey.instruments import Instrument, load_instrument
from relsurvey.intake import PLATFORM_NAMES
from relsurvey.quality.rules import RULES as QUALITY_RULES
from relsurvey.quality.rules import wrong_threshold
from relsurvey.small_groups import (
    LOWEST_THRESHOLD,
    PRESETS,
    USUAL_THRESHOLD,
    Preset,
    SmallGroupRules,
)

__all__ = [
    "Disclosure",
    "FileQuality",
    "Hypothesis",
    "Quality",
    "Report",
    "StudyPlan",
    "SurveyFile",
    "TeamSurvey",
    "load_plan",
    "team_columns",
]

Text = Annotated[str, Field(min_length=1)]

RULES = tuple(rule.name for rule in QUALITY_RULES)
COMPANIONS = ("wording", "columns", "dictionary")
FILES = ("file", *COMPANIONS)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    @model_validator(mode="before")
    @classmethod
    def _without_blanks(cls, content: Any) -> Any:
        """Take a key with nothing after it, such as ``secondary:``, for one that is left out.

        Only where leaving it out means none: elsewhere it may be a value that was forgotten.
        """
        if not isinstance(content, dict):
            return content
        none = {name for name, field in cls.model_fields.items() if field.default in ([], {})}
        return {
            key: value for key, value in content.items() if value is not None or key not in none
        }


class SurveyFile(_Part):
    """One survey: its export file, its instrument, and which columns say who answered."""

    file: Text
    instrument: Text
    id: Text | None = None
    worker: Text
    team: Text | None = None
    wave: Text | None = None
    platform: Text = "auto"
    columns: dict[str, str] | Text | None = None
    wording: Text | None = None
    dictionary: Text | None = None
    unknown: Literal["stop", "missing"] = "stop"


class TeamSurvey(_Part):
    """A survey of staff whose scores are averaged by team: what each team is like to work in.

    ``fewest`` is how many staff a team's mean needs; below it the team has none.
    """

    file: Text
    instrument: Text
    id: Text | None = None
    team: Text
    platform: Text = "auto"
    columns: dict[str, str] | Text | None = None
    wording: Text | None = None
    dictionary: Text | None = None
    unknown: Literal["stop", "missing"] = "stop"
    fewest: Annotated[int, Field(ge=2, le=1000)] = LOWEST_THRESHOLD


class Hypothesis(_Part):
    """A score of the workers, held against a score of the service users.

    Where a moderator is named, it is asked too whether the slope differs with it.
    """

    predictor: Text
    outcome: Text
    covariates: list[Text] = []
    moderator: Text | None = None


class FileQuality(_Part):
    """Whose answers one survey leaves out, by rules named beforehand; nobody by default."""

    exclude: list[Text] = []
    attention: dict[str, str | int | float] = {}
    thresholds: dict[str, float] = {}


class Quality(_Part):
    """What is asked of the answers of both surveys."""

    workers: FileQuality = FileQuality()
    service_users: FileQuality = FileQuality()


AtLeastFive = Annotated[int, Field(ge=LOWEST_THRESHOLD, le=1000)]
AtLeastOne = Annotated[int, Field(ge=1, le=1000)]


class Disclosure(_Part):
    """How small a group may be before a report says nothing about it.

    A preset has all the numbers; a number that stands beside it wins over it.
    """

    preset: Preset | None = None
    threshold: AtLeastFive = USUAL_THRESHOLD
    round_to: Annotated[int, Field(ge=5, le=1000, multiple_of=5)] | None = None
    zeros: Literal["shown", "withheld"] = "shown"
    service_users_per_worker: AtLeastOne = 1
    workers_per_cell: AtLeastFive | None = None
    workers_per_team: AtLeastOne = 1

    @model_validator(mode="before")
    @classmethod
    def _filled(cls, content: Any) -> Any:
        """Put the preset's numbers where the study file has none."""
        name = content.get("preset") if isinstance(content, dict) else None
        preset = PRESETS.get(name) if isinstance(name, str) else None
        return content if preset is None else {**asdict(preset), **content}

    @property
    def rules(self) -> SmallGroupRules:
        """The same for whoever applies them."""
        return SmallGroupRules(**{**self.model_dump(), "preset": self.preset or ""})


class Report(_Part):
    """Which reports are written, and for whom."""

    formats: Annotated[
        list[Literal["html", "docx", "markdown", "latex", "csv", "xlsx"]], Field(min_length=1)
    ] = ["html", "docx"]
    audiences: Annotated[list[Literal["technical", "service", "plain"]], Field(min_length=1)] = [
        "technical",
        "service",
        "plain",
    ]


class StudyPlan(_Part):
    """A whole study file.

    Attributes
    ----------
    title, question : str
        What the report is called, and what it asks.
    notice : str or None
        What every reader has to know first, shown at the top of the report.
    workers, service_users : SurveyFile
        The two surveys.
    teams : TeamSurvey or None
        A third one, whose scores by team can be covariates and moderators.
    primary : Hypothesis
        The one association the study stands for.
    secondary : list of Hypothesis
        Further ones, reported as such.
    smallest_effect : float or None
        Smallest association of interest, in standard deviations of the outcome for one standard
        deviation of the predictor, fixed beforehand.
    alpha : float
        Two-sided error probability; intervals have the level ``1 - alpha``.
    missing : {"listwise", "pairwise"}
        Which rows reliability uses.
    quality : Quality
        Rules by which respondents are left out, attention items, thresholds.
    seed : int
        For everything that is drawn at random.
    bootstraps, permutations : int or None
        Draws of the other methods beside the primary one, and orders of the scores by which the
        secondary associations are adjusted; 0 leaves them out. ``None``: 2,000 and 10,000; with
        more than 2,000 workers no bootstraps and 1,000 orders.
    sensitivity : bool
        Whether the primary question is asked again in other ways, one at a time and in all
        combinations (the specification curve).
    curve_permutations : int
        Orders of the scores by which the specification curve as a whole is tested; 0 leaves the
        test out.
    disclosure : Disclosure
        Threshold of suppression.
    report : Report
        Formats and readers.
    """

    title: Text
    question: Text | None = None
    notice: Text | None = None
    workers: SurveyFile
    service_users: SurveyFile
    teams: TeamSurvey | None = None
    primary: Hypothesis
    secondary: list[Hypothesis] = []
    smallest_effect: Annotated[float, Field(gt=0, strict=False)] | None = None
    alpha: Annotated[float, Field(gt=0, lt=0.5)] = 0.05
    missing: Literal["listwise", "pairwise"] = "listwise"
    quality: Quality = Quality()
    seed: Annotated[int, Field(ge=0)] = 1
    bootstraps: Annotated[int, Field(ge=0)] | None = None
    permutations: Annotated[int, Field(ge=0)] | None = None
    sensitivity: bool = True
    curve_permutations: Annotated[int, Field(ge=0)] = 500
    disclosure: Disclosure = Disclosure()
    report: Report = Report()

    @property
    def hypotheses(self) -> tuple[Hypothesis, ...]:
        """The primary hypothesis and then the secondary ones."""
        return (self.primary, *self.secondary)


def load_plan(path: str | Path, *, answered: bool = True) -> StudyPlan:
    """Read and check a study file.

    Parameters
    ----------
    path : str or pathlib.Path
        A YAML file; ``relsurvey init`` writes one to start from.
    answered : bool
        Whether the exports have to be there; a plan is best locked before anybody has answered.

    Returns
    -------
    StudyPlan
        The plan. Names of files in it are relative to its own folder.

    Raises
    ------
    StudyError
        All faults at once, each with line, key, what was found and what is allowed.

    Examples
    --------
    >>> from relsurvey.resources import shipped
    >>> load_plan(shipped("sample") / "study.yaml").primary.outcome
    'TOTAL'
    """
    raw = read_yaml(path, StudyError, "study")
    folder = Path(path).parent
    return validate(
        raw, StudyPlan, StudyError, "study", lambda content: _faults(content, folder, answered)
    )


def instrument_of(survey: SurveyFile | TeamSurvey, folder: Path) -> Instrument:
    """Load a survey's instrument: an id that is shipped, or a file beside the study file."""
    return load_instrument(_instrument_reference(survey.instrument, folder))


def _instrument_reference(name: str, folder: Path) -> str | Path:
    is_file = name.endswith((".yaml", ".yml")) or "/" in name or "\\" in name
    return folder / name if is_file else name


def _faults(
    content: Mapping[str, Any],
    folder: Path,
    answered: bool,  # noqa: FBT001
) -> Iterator[Fault]:
    """Yield what a schema cannot say: files that are missing, scales nobody has."""
    instruments: dict[str, Instrument | None] = {}
    for key, respondent in (("workers", "worker"), ("service_users", "service_user")):
        survey = content.get(key)
        if isinstance(survey, dict):
            yield from _file_faults(survey, (key,), folder, FILES if answered else COMPANIONS)
            yield from _name_faults(survey.get("platform"), (key, "platform"), PLATFORM_NAMES, "")
            instruments[key] = yield from _instrument_faults(survey, (key,), respondent, folder)
    yield from _team_faults(content, folder, instruments, answered)
    yield from _quality_faults(content.get("quality"), instruments)
    seen: list[tuple[object, ...]] = []
    for place, hypothesis in _hypotheses(content):
        yield from _hypothesis_faults(hypothesis, place, instruments)
        said = (hypothesis.get("predictor"), hypothesis.get("outcome"))
        same = (*said, str(hypothesis.get("covariates") or []), str(hypothesis.get("moderator")))
        if same in seen:
            yield Fault(place, f"{said[1]} by {said[0]} a second time", "each hypothesis once")
        seen.append(same)


def team_columns(teams: Instrument, others: Sequence[Instrument]) -> dict[str, str]:
    """Return what a team's mean of each scale is called among the columns of the study.

    Parameters
    ----------
    teams : Instrument
        What staff were asked.
    others : sequence of Instrument
        Those of workers and service users.

    Returns
    -------
    dict of str to str
        By scale: its id, or ``team_<id>`` where the other instruments have that name.

    Examples
    --------
    >>> rpq, sword = load_instrument("rpq-16"), load_instrument("sword")
    >>> team_columns(sword, [rpq])["SECURE"], team_columns(rpq, [rpq])["RC"]
    ('SECURE', 'team_RC')
    """
    taken = {"respondent_id", "worker_id", "team", "wave"}
    for one in others:
        taken.update((*one.item_ids, *one.scales.ids, *one.context.ids))
        taken.update(f"{scale}_answered" for scale in one.scales.ids)
    return {name: f"team_{name}" if name in taken else name for name in teams.scales.ids}


def _team_faults(
    content: Mapping[str, Any],
    folder: Path,
    instruments: dict[str, Instrument | None],
    answered: bool,  # noqa: FBT001
) -> Iterator[Fault]:
    survey, workers = content.get("teams"), content.get("workers")
    if not isinstance(survey, dict):
        return
    yield from _file_faults(survey, ("teams",), folder, FILES if answered else COMPANIONS)
    yield from _name_faults(survey.get("platform"), ("teams", "platform"), PLATFORM_NAMES, "")
    instruments["teams"] = yield from _instrument_faults(survey, ("teams",), "worker", folder)
    if isinstance(workers, dict) and not workers.get("team"):
        yield Fault(
            ("teams",), "scores of teams, while workers have no team", "a column: workers: team"
        )


def _quality_faults(
    quality: object, instruments: Mapping[str, Instrument | None]
) -> Iterator[Fault]:
    if not isinstance(quality, dict):
        return
    for key in ("workers", "service_users"):
        part = quality.get(key)
        if not isinstance(part, dict):
            continue
        named = part.get("exclude")
        for position, name in enumerate(named if isinstance(named, list) else ()):
            yield from _name_faults(name, ("quality", key, "exclude", position), RULES, "a rule: ")
        thresholds = part.get("thresholds")
        for name, value in (thresholds if isinstance(thresholds, dict) else {}).items():
            place = ("quality", key, "thresholds", name)
            yield from _name_faults(name, place, RULES, "a rule: ")
            if name in RULES and (allowed := wrong_threshold(name, value)):
                yield Fault(place, repr(value), allowed)
        instrument, asked = instruments.get(key), part.get("attention")
        if instrument is not None and isinstance(asked, dict):
            unscored = tuple(one.id for one in instrument.items if not one.scored)
            of = f"a context question or unscored item of {instrument.id}: "
            for name in asked:
                place = ("quality", key, "attention", name)
                yield from _name_faults(name, place, (*instrument.context.ids, *unscored), of)


def _hypothesis_faults(
    hypothesis: Mapping[str, Any], place: Place, instruments: Mapping[str, Instrument | None]
) -> Iterator[Fault]:
    for key, survey in (("predictor", "workers"), ("outcome", "service_users")):
        instrument = instruments.get(survey)
        if instrument is not None:
            of = f"a scale of {survey} ({instrument.id}): "
            yield from _name_faults(hypothesis.get(key), (*place, key), instrument.scales.ids, of)
    if None in instruments.values():
        return
    known = [one for key, one in instruments.items() if one is not None and key != "teams"]
    names = [name for one in known for name in (*one.scales.ids, *one.context.ids)]
    names += [f"worker_{name}" for name in names if names.count(name) > 1]
    teams = instruments.get("teams")
    if teams is not None:
        names += team_columns(teams, known).values()
    names = list(dict.fromkeys(names))
    of = "a scale or a context question of one of the instruments: "
    covariates = hypothesis.get("covariates")
    for position, name in enumerate(covariates if isinstance(covariates, list) else ()):
        yield from _name_faults(name, (*place, "covariates", position), names, of)
    moderator = hypothesis.get("moderator")
    yield from _name_faults(moderator, (*place, "moderator"), names, of)
    used = {hypothesis.get("predictor"): "predictor", hypothesis.get("outcome"): "outcome"}
    used |= dict.fromkeys(covariates if isinstance(covariates, list) else (), "a covariate")
    if isinstance(moderator, str) and moderator in used:
        found = f"{moderator!r}, which is {used[moderator]} already"
        yield Fault((*place, "moderator"), found, "a third column")


def _name_faults(name: object, place: Place, names: Sequence[str], of: str) -> Iterator[Fault]:
    if isinstance(name, str) and name not in names:
        near = suggestion(name, names)
        guess = f"; did you mean {near!r}?" if near else ""
        yield Fault(place, repr(name), f"{of}{listed(names)}{guess}")


def _file_faults(
    survey: Mapping[str, Any], place: Place, folder: Path, keys: Sequence[str]
) -> Iterator[Fault]:
    for key in keys:
        name = survey.get(key)
        if isinstance(name, str) and not _is_there(folder / name):
            near = suggested_file(name, _names_in(folder))
            guess = f"; did you mean {near!r}?" if near else ""
            allowed = f"a file, its name relative to the study file{guess}"
            yield Fault((*place, key), f"{name!r}, which is not there", allowed)


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a name too long, a NUL byte, a folder one may not enter
        return False


def _names_in(folder: Path) -> list[str]:
    try:
        return [entry.name for entry in folder.iterdir()]
    except OSError:
        return []


def _instrument_faults(
    survey: Mapping[str, Any], place: Place, respondent: str, folder: Path
) -> Generator[Fault, None, Instrument | None]:
    name = survey.get("instrument")
    if not isinstance(name, str):
        return None
    try:
        instrument = load_instrument(_instrument_reference(name, folder))
    except InstrumentError as problem:
        yield Fault((*place, "instrument"), repr(name), str(problem).replace("\n", " "))
        return None
    if instrument.respondent != respondent:
        yield Fault(
            (*place, "instrument"),
            f"{name!r}, which a {_spoken(instrument.respondent)} answers",
            f"an instrument that a {_spoken(respondent)} answers",
        )
    return instrument


def _hypotheses(content: Mapping[str, Any]) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    primary = content.get("primary")
    if isinstance(primary, dict):
        yield ("primary",), primary
    secondary = content.get("secondary")
    for position, hypothesis in enumerate(secondary if isinstance(secondary, list) else ()):
        if isinstance(hypothesis, dict):
            yield ("secondary", position), hypothesis


def _spoken(respondent: str) -> str:
    return respondent.replace("_", " ")
