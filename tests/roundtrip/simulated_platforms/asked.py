"""What a platform asks, and how a person finds on its screen what the form meant to ask."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from made_people import HIDDEN, SEEN, Person

from relsurvey.forms.form import Form


@dataclass(frozen=True)
class Option:
    """An answer on the screen: the platform's code, and its label by language as in the file."""

    code: str
    labels: Mapping[str, str]


@dataclass(frozen=True)
class Asked:
    """A question on the screen: its name on the platform, and its text by language."""

    name: str
    texts: Mapping[str, str]
    options: tuple[Option, ...] = ()
    in_grid: bool = False


@dataclass(frozen=True)
class Survey:
    """A form as a platform has imported it.

    Attributes
    ----------
    name : str
        What the platform calls the grid or the form.
    stem : dict of str to str
        What stands above the grid, by language.
    questions : tuple of Asked
        In the order of the screen.
    html : bool
        Whether the platform takes texts as HTML.
    """

    name: str
    stem: Mapping[str, str]
    questions: tuple[Asked, ...]
    html: bool = True
    extra: Mapping[str, str] = field(default_factory=dict)

    def shown(self, text: str) -> str:
        """Return what the screen shows of a text of the file."""
        return on_screen(text) if self.html else text

    def answered(self, form: Form, person: Person, language: str) -> list[Option | str]:
        """Let a person answer all questions: they look for what the form's words say.

        The form's questions are met in their order, and every wording and label has to be there
        as the definition has it.
        """
        given: list[Option | str] = []
        for question, asked in zip(form.questions, self.questions, strict=True):
            assert same(self.shown(asked.texts[language])) == same(question.text)
            choices = form.choices if question.kind == "scale" else question.choices
            labels = {choice.code: same(choice.label) for choice in choices}
            screen = {same(self.shown(one.labels[language])): one for one in asked.options}
            assert list(screen) == list(labels.values())
            answer = person.given[question.id]
            given.append(screen[labels[answer]] if answer in labels else answer)
        return given


def same(text: str) -> str:
    """Bring texts together that differ in spaces only, which no screen tells apart."""
    return " ".join(text.split())


def on_screen(text: str) -> str:
    """Return what a browser shows of HTML; the only tag a form may have of its own is a break."""
    tags = re.sub(r"<br>", "\n", text)
    assert not re.search(r"</?[A-Za-z!?]", tags), text
    return html.unescape(tags)


def flat(text: str) -> str:
    """Return HTML as most exports write it: no tags, entities resolved, on one line."""
    return same(on_screen(text))


def cell(answer: Option | str, *, labels: str = "", hidden: str = "", seen: str = "") -> str:
    """Return a cell: a code, or the label in a language; free text as it is."""
    if isinstance(answer, Option):
        return answer.labels[labels] if labels else answer.code
    return {HIDDEN: hidden, SEEN: seen}.get(answer, answer)


def as_csv(
    rows: Sequence[Sequence[str]], delimiter: str = ",", *, quote: bool = True, end: str = "\r\n"
) -> str:
    """Return rows as text."""
    stream = io.StringIO()
    style = csv.QUOTE_ALL if quote else csv.QUOTE_MINIMAL
    csv.writer(stream, delimiter=delimiter, quoting=style, lineterminator=end).writerows(rows)
    return stream.getvalue()
