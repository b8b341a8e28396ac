"""How the columns and groups of a study are called in a sentence."""

from __future__ import annotations

from dataclasses import dataclass, replace

from relsurvey.instruments import Code, Instrument, Scale
from relsurvey.reporting.numbers import whole
from relsurvey.reporting.plain import plain, shortened
from relsurvey.reporting.subject import StudyLike

__all__ = [
    "NAME_LENGTH",
    "PEOPLE",
    "ScoreLabel",
    "answer_label",
    "answer_labels",
    "covariate_title",
    "outcome_label",
    "predictor_label",
    "quoted",
    "spoken",
]

PEOPLE = {"worker": "workers", "service_user": "service users"}
WORKER_PREFIX = "worker_"

NAME_LENGTH = 40  # characters up to which a title is read as a name, without quotation marks
MOST_IN_A_SENTENCE = 60


@dataclass(frozen=True)
class ScoreLabel:
    """A score's name and range.

    Attributes
    ----------
    title : str
        Its title; the column's name where no instrument knows it.
    minimum, maximum : float or None
        The range it can have.
    """

    title: str
    minimum: float | None = None
    maximum: float | None = None

    @property
    def with_range(self) -> str:
        """The title with the range in brackets."""
        if self.minimum is None or self.maximum is None:
            return self.title
        return f"{self.title} ({whole(self.minimum)} to {whole(self.maximum)})"

    @property
    def in_sentence(self) -> ScoreLabel:
        """The same with a title that a sentence can hold."""
        return replace(self, title=spoken(self.title))

    @property
    def in_caption(self) -> ScoreLabel:
        """The same with its whole title, set apart from the words around it."""
        return replace(self, title=quoted(self.title))


def spoken(title: str) -> str:
    """Return a title as it stands in a sentence: a long one in quotation marks, and cut if need be.

    Examples
    --------
    >>> spoken("Reflective capacity")
    'Reflective capacity'
    >>> spoken("How often workers look back on what they did and said")
    '“How often workers look back on what they did and said”'
    """
    return quoted(shortened(title, MOST_IN_A_SENTENCE))


def quoted(title: str) -> str:
    """Return a title, in quotation marks where it is too long to be seen as a name."""
    return title if len(title) <= NAME_LENGTH else f"“{title}”"


def predictor_label(study: StudyLike, column: str) -> ScoreLabel:
    """Name a column that comes from the workers."""
    bare = column.removeprefix(WORKER_PREFIX)
    return _label(study.workers.instrument, column) or (
        _label(study.workers.instrument, bare) or ScoreLabel(plain(column))
    )


def outcome_label(study: StudyLike, column: str) -> ScoreLabel:
    """Name a column that comes from the service users."""
    return _label(study.service_users.instrument, column) or ScoreLabel(plain(column))


def covariate_title(study: StudyLike, column: str) -> str:
    """Name a covariate: a score or a context question of either survey, or a team's mean score.

    Where both surveys have the column, the worker's has the prefix.
    """
    scale = None if study.teams is None else study.teams.scale_of(column)
    if study.teams is not None and scale is not None:
        return f"{plain(study.teams.instrument.scales[scale].title)} (team)"
    workers, users = study.workers.instrument, study.service_users.instrument
    title = _title(users, column) or _title(workers, column)
    if title:
        return title
    of_worker = _title(workers, column.removeprefix(WORKER_PREFIX))
    return f"{of_worker} (worker)" if of_worker else plain(column)


def _title(instrument: Instrument, column: str) -> str:
    label = _label(instrument, column)
    if label:
        return label.title
    return next((plain(asked.gist) for asked in instrument.context if asked.id == column), "")


def _label(instrument: Instrument, column: str) -> ScoreLabel | None:
    for scale in instrument.scales:
        label = _forms(scale).get(column)
        if label:
            return label
    return None


def _forms(scale: Scale) -> dict[str, ScoreLabel]:
    """Return the columns that scoring makes of a scale."""
    title = plain(scale.title)
    return {
        scale.id: ScoreLabel(title, scale.minimum, scale.maximum),
        f"{scale.id}_pomp": ScoreLabel(f"{title}, percent of maximum", 0, 100),
        f"{scale.id}_top_box": ScoreLabel(f"{title}, share of best answers", 0, 1),
    }


def answer_labels(instrument: Instrument) -> tuple[str, ...]:
    """Return the answers of the response scale in the instrument's first language."""
    return tuple(answer_label(code, instrument) for code in instrument.response_scale.codes)


def answer_label(code: Code, instrument: Instrument) -> str:
    """Return one answer in the instrument's first language; its code where it has no words."""
    language = instrument.languages[0] if instrument.languages else "en"
    found = code.label.get(language) or next(iter(code.label.values()), "")
    return plain(found) or whole(code.value)
