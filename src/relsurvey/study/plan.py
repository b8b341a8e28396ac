"""The study file: what is compared with what, settled before anybody looks at the answers."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from relsurvey.documents import Fault, Place, read_yaml, validate
from relsurvey.errors import InstrumentError, StudyError, listed, suggestion
from relsurvey.instruments import Instrument, load_instrument

__all__ = ["Disclosure", "Hypothesis", "Report", "StudyPlan", "SurveyFile", "load_plan"]

Text = Annotated[str, Field(min_length=1)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


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


class Hypothesis(_Part):
    """A score of the workers, held against a score of the service users."""

    predictor: Text
    outcome: Text
    covariates: list[Text] = []


class Disclosure(_Part):
    """How small a group may be before a report says nothing about it."""

    threshold: Annotated[int, Field(ge=1, le=1000)] = 10


class Report(_Part):
    """Which reports are written."""

    formats: Annotated[list[Literal["html"]], Field(min_length=1)] = ["html"]


class StudyPlan(_Part):
    """A whole study file.

    Attributes
    ----------
    title, question : str
        What the report is called, and what it asks.
    workers, service_users : SurveyFile
        The two surveys.
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
    seed : int
        For everything that is drawn at random.
    disclosure : Disclosure
        Threshold of suppression.
    report : Report
        Formats.
    """

    title: Text
    question: Text | None = None
    workers: SurveyFile
    service_users: SurveyFile
    primary: Hypothesis
    secondary: list[Hypothesis] = []
    smallest_effect: Annotated[float, Field(gt=0, strict=False)] | None = None
    alpha: Annotated[float, Field(gt=0, lt=0.5)] = 0.05
    missing: Literal["listwise", "pairwise"] = "listwise"
    seed: Annotated[int, Field(ge=0)] = 1
    disclosure: Disclosure = Disclosure()
    report: Report = Report()

    @property
    def hypotheses(self) -> tuple[Hypothesis, ...]:
        """The primary hypothesis and then the secondary ones."""
        return (self.primary, *self.secondary)


def load_plan(path: str | Path) -> StudyPlan:
    """Read and check a study file.

    Parameters
    ----------
    path : str or pathlib.Path
        A YAML file; ``relsurvey init`` writes one to start from.

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
    return validate(raw, StudyPlan, StudyError, "study", lambda content: _faults(content, folder))


def instrument_of(survey: SurveyFile, folder: Path) -> Instrument:
    """Load a survey's instrument: an id that is shipped, or a file beside the study file."""
    return load_instrument(_instrument_reference(survey.instrument, folder))


def _instrument_reference(name: str, folder: Path) -> str | Path:
    is_file = name.endswith((".yaml", ".yml")) or "/" in name or "\\" in name
    return folder / name if is_file else name


def _faults(content: Mapping[str, Any], folder: Path) -> Iterator[Fault]:
    """Yield what a schema cannot say: files that are missing, scales nobody has."""
    instruments: dict[str, Instrument | None] = {}
    for key, respondent in (("workers", "worker"), ("service_users", "service_user")):
        survey = content.get(key)
        if isinstance(survey, dict):
            yield from _file_faults(survey, (key,), folder)
            instruments[key] = yield from _instrument_faults(survey, (key,), respondent, folder)
    for place, hypothesis in _hypotheses(content):
        for key, survey in (("predictor", "workers"), ("outcome", "service_users")):
            yield from _scale_faults(hypothesis, key, place, instruments.get(survey), survey)


def _file_faults(survey: Mapping[str, Any], place: Place, folder: Path) -> Iterator[Fault]:
    for key in ("file", "wording", "columns"):
        name = survey.get(key)
        if isinstance(name, str) and not (folder / name).exists():
            names = [entry.name for entry in folder.iterdir()] if folder.is_dir() else []
            near = suggestion(name, names)
            guess = f"; did you mean {near!r}?" if near else ""
            allowed = f"a file, its name relative to the study file{guess}"
            yield Fault((*place, key), f"{name!r}, which is not there", allowed)


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


def _scale_faults(
    hypothesis: Mapping[str, Any], key: str, place: Place, instrument: Instrument | None, side: str
) -> Iterator[Fault]:
    name = hypothesis.get(key)
    if instrument is None or not isinstance(name, str) or name in instrument.scales.ids:
        return
    near = suggestion(name, instrument.scales.ids)
    guess = f"; did you mean {near!r}?" if near else ""
    allowed = f"a scale of {side} ({instrument.id}): {listed(instrument.scales.ids)}{guess}"
    yield Fault((*place, key), repr(name), allowed)


def _spoken(respondent: str) -> str:
    return respondent.replace("_", " ")
