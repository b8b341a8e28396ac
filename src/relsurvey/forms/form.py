"""The form: what a person is asked, in one language, with every wording and label there.

This is the narrow place between an instrument and the platforms. A definition may hold wording
in some languages, in none, or with placeholders; a form holds all of it, filled, or is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from relsurvey.errors import InstrumentError, listed, suggestion
from relsurvey.instruments import Code, Instrument, MissingCode, NotApplicableCode
from relsurvey.instruments.placeholders import filled

__all__ = ["Choice", "Form", "Question", "code_text", "form_of", "forms_of"]

# What a person can choose although it is not on the scale. "Not shown" and "unanswered" are codes
# that a platform writes by itself; nobody can choose them.
_CHOOSABLE = ("not_applicable", "dont_know", "prefer_not")


@dataclass(frozen=True)
class Choice:
    """One answer that can be given.

    Attributes
    ----------
    code : str
        As it stands in an export of codes.
    label : str
        What people see.
    value : float or None
        The number that is scored; ``None`` for an answer that is not on the scale.
    reason : str or None
        Why there is no score: ``"not_applicable"``, ``"dont_know"``, ``"prefer_not"``.
    """

    code: str
    label: str
    value: float | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Question:
    """One question of a form.

    Attributes
    ----------
    id : str
        Id of the item or context question.
    text : str
        What people read.
    gist : str
        The short label of the definition.
    kind : {"scale", "choice", "number", "text"}
        "scale" is answered on the form's own choices; the others are context questions.
    choices : tuple of Choice
        The choices of a context question; empty otherwise.
    reverse, scored : bool
        As in the definition.
    """

    id: str
    text: str
    gist: str
    kind: str
    choices: tuple[Choice, ...] = ()
    reverse: bool = False
    scored: bool = True


@dataclass(frozen=True)
class Form:
    """A questionnaire in one language.

    Attributes
    ----------
    instrument : Instrument
        What it was made of.
    locale : str
        The language.
    instructions : str
        What is read first; may be empty.
    choices : tuple of Choice
        What can be answered to the items: the scale from lowest to highest, then "does not
        apply" and the like, as far as the definition has a label for them.
    items, context : tuple of Question
        The questions in the definition's order.
    """

    instrument: Instrument
    locale: str
    instructions: str
    choices: tuple[Choice, ...]
    items: tuple[Question, ...]
    context: tuple[Question, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        """Items, then context questions."""
        return (*self.items, *self.context)


def form_of(
    instrument: Instrument,
    locale: str | None = None,
    fillings: Mapping[str, str] | None = None,
) -> Form:
    """Make the form of an instrument in one language.

    Parameters
    ----------
    instrument : Instrument
        With its wording, joined from a wording pack where it ships none.
    locale : str, optional
        Language; the instrument's first one by default.
    fillings : mapping of str to str, optional
        What to put in place of a placeholder, where not its default.

    Returns
    -------
    Form
        Every item with its wording, every answer with its label.

    Raises
    ------
    InstrumentError
        Where there is no such language or placeholder, or a wording or label is not there.
        ``.failures`` lists ``what, missing``.

    Examples
    --------
    >>> from relsurvey.instruments import load_instrument
    >>> form = form_of(load_instrument("peech-sc"))
    >>> len(form.items), form.choices[0].label
    (23, 'Never')
    """
    locale = _known_locale(instrument, locale)
    put_in = _fillings(instrument, fillings)

    items = tuple(
        Question(
            item.id,
            filled(item.wording.get(locale, ""), put_in),
            item.gist,
            "scale",
            reverse=item.reverse,
            scored=item.scored,
        )
        for item in instrument.items
    )
    context = tuple(
        Question(
            asked.id,
            filled(asked.wording.get(locale, ""), put_in),
            asked.gist,
            asked.answer,
            _choices(asked.codes, locale),
            scored=False,
        )
        for asked in instrument.context
    )
    instructions = filled(instrument.instructions.get(locale, ""), put_in)
    form = Form(instrument, locale, instructions, _answers(instrument, locale), items, context)
    _refuse_gaps(form)
    return form


def forms_of(
    instrument: Instrument,
    locales: Iterable[str] | None = None,
    fillings: Mapping[str, str] | None = None,
) -> tuple[Form, ...]:
    """Make one form a language, for platforms that hold several.

    Parameters
    ----------
    instrument : Instrument
        With its wording.
    locales : iterable of str, optional
        Languages, each once; those the definition lists by default.
    fillings : mapping of str to str, optional
        As in `form_of`.

    Returns
    -------
    tuple of Form
        At least one, in the order asked for.

    Raises
    ------
    InstrumentError
        As in `form_of`.
    """
    wanted = dict.fromkeys(locales or instrument.languages)
    return tuple(form_of(instrument, locale, fillings) for locale in wanted)


def code_text(value: float) -> str:
    """Return a code as an export of codes writes it: no ``.0``, and every digit it has.

    Examples
    --------
    >>> code_text(3.0), code_text(-0.5), code_text(1234567)
    ('3', '-0.5', '1234567')
    """
    return str(int(value)) if value == int(value) else repr(float(value))


def _choices(codes: Iterable[Code], locale: str) -> tuple[Choice, ...]:
    return tuple(
        Choice(code_text(code.value), code.label.get(locale, ""), float(code.value))
        for code in codes
    )


def _answers(instrument: Instrument, locale: str) -> tuple[Choice, ...]:
    scale = instrument.response_scale
    special: tuple[NotApplicableCode | MissingCode, ...] = (*scale.not_applicable, *scale.missing)
    others = tuple(
        Choice(one.code, one.label.get(locale, ""), None, one.reason)
        for one in special
        if one.reason in _CHOOSABLE and (one.reason == "not_applicable" or one.label)
    )
    return (*_choices(scale.codes, locale), *others)


def _fillings(instrument: Instrument, fillings: Mapping[str, str] | None) -> dict[str, str]:
    """Return what goes in place of every placeholder, and refuse what fits none."""
    given = dict(fillings or {})
    faults = [
        {"filling": name, "fault": "no such placeholder"}
        for name in given
        if name not in instrument.placeholders
    ]
    faults += [
        {"filling": name, "fault": "it is blank"}
        for name, text in given.items()
        if not text.strip()
    ]
    if faults:
        raise InstrumentError(
            f"{instrument.id} cannot be filled in as asked.",
            hint=f"Its placeholders: {listed(list(instrument.placeholders)) or 'none'}.",
            failures=faults,
        )
    return {**instrument.placeholders, **given}


def _known_locale(instrument: Instrument, locale: str | None) -> str:
    held = dict.fromkeys(
        [*instrument.languages, *(tag for item in instrument.items for tag in item.wording)]
    )
    if locale is None:
        return instrument.languages[0]
    if locale not in held:
        near = suggestion(locale, held)
        guess = f"Did you mean {near!r}? " if near else ""
        raise InstrumentError(
            f"{instrument.id} has no language {locale!r}.",
            hint=f"{guess}It has: {listed(list(held))}.",
        )
    return locale


def _refuse_gaps(form: Form) -> None:
    """Refuse a form with holes: a person cannot answer an item that has no words."""
    gaps = [{"what": one.id, "missing": "wording"} for one in form.questions if not one.text]
    gaps += [{"what": one.code, "missing": "label"} for one in form.choices if not one.label]
    gaps += [
        {"what": f"{asked.id}, choice {one.code}", "missing": "label"}
        for asked in form.context
        for one in asked.choices
        if not one.label
    ]
    if not gaps:
        return
    name = form.instrument.id
    wordings = sum(gap["missing"] == "wording" for gap in gaps)
    what = (
        f"{name} holds no wording in {form.locale} for {wordings} of its "
        f"{len(form.questions)} questions"
        if wordings
        else f"{name} has answers without a label in {form.locale}"
    )
    raise InstrumentError(
        f"{what}; a form cannot be made without.",
        hint="Give the wording you hold as a wording pack (--wording pack.csv: item, locale, "
        "wording), or add it to a definition of your own.",
        failures=gaps,
    )
