"""How the columns and groups of a study are called in a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from relsurvey.reporting.numbers import whole
from relsurvey.reporting.plain import plain
from relsurvey.reporting.subject import CodeLike, InstrumentLike, ScaleLike, StudyLike

__all__ = ["PEOPLE", "ScoreLabel", "answer_labels", "outcome_label", "predictor_label"]

PEOPLE = {"worker": "workers", "service_user": "service users"}
WORKER_PREFIX = "worker_"


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


def predictor_label(study: StudyLike, column: str) -> ScoreLabel:
    """Name a column that comes from the workers."""
    bare = column.removeprefix(WORKER_PREFIX)
    return _label(study.workers.instrument, column) or (
        _label(study.workers.instrument, bare) or ScoreLabel(plain(column))
    )


def outcome_label(study: StudyLike, column: str) -> ScoreLabel:
    """Name a column that comes from the service users."""
    return _label(study.service_users.instrument, column) or ScoreLabel(plain(column))


def _label(instrument: InstrumentLike, column: str) -> ScoreLabel | None:
    for scale in instrument.scales:
        label = _forms(scale).get(column)
        if label:
            return label
    return None


def _forms(scale: ScaleLike) -> dict[str, ScoreLabel]:
    """Return the columns that scoring makes of a scale."""
    title = plain(scale.title)
    return {
        scale.id: ScoreLabel(title, scale.minimum, scale.maximum),
        f"{scale.id}_pomp": ScoreLabel(f"{title}, percent of maximum", 0, 100),
        f"{scale.id}_top_box": ScoreLabel(f"{title}, share of best answers", 0, 1),
    }


def answer_labels(instrument: InstrumentLike) -> tuple[str, ...]:
    """Return the answers of the response scale in the instrument's first language."""
    language = instrument.languages[0] if instrument.languages else "en"
    return tuple(_answer(code, language) for code in instrument.response_scale.codes)


def _answer(code: CodeLike, language: str) -> str:
    found = code.label.get(language) or next(iter(code.label.values()), "")
    return plain(found) or whole(code.value)
