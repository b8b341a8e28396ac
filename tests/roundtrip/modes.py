"""The ways in which each platform can export, and what each of them cannot carry."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from made_people import Person
from simulated_platforms import kobo, limesurvey, qualtrics, redcap
from simulated_platforms.asked import Survey

from relsurvey.forms.form import Form
from relsurvey.forms.limesurvey import write_limesurvey
from relsurvey.forms.limesurvey_names import language_of, surveys
from relsurvey.forms.qualtrics import write_qualtrics
from relsurvey.forms.redcap import write_redcap
from relsurvey.forms.xlsform import write_xlsform

# Only blank says that there is no answer: nobody can tell "not shown" from it afterwards.
_BLANK_ONLY = {"not_shown": "unanswered"}


@dataclass(frozen=True)
class Written:
    """An export, and what a reader can be held to.

    Attributes
    ----------
    path : pathlib.Path
        The file.
    worker : str
        Heading of the column with the worker's code.
    survey : Survey
        The form on the platform.
    dictionary : pathlib.Path or None
        What goes with the file.
    """

    path: Path
    worker: str
    survey: Survey
    dictionary: Path | None = None


Write = Callable[[Sequence[Form], Sequence[Person], Path], Written]


@dataclass(frozen=True)
class Mode:
    """One way to export.

    Attributes
    ----------
    platform : str
        Which one it has to be recognised as.
    write : callable
        Exports the form, lets people answer it, and writes what the platform would.
    records : tuple of str
        What the platform records of each respondent.
    lost : dict of str to str
        Reasons it cannot carry, and what they become.
    by_code : bool
        Whether answers are codes that nothing beside them explains: where the platform does not
        take a code of the definition, they cannot be read.
    by_name : bool
        Whether headings are names only: where the platform does not take an id, they cannot be
        matched.
    languages : int
        How many languages the people can answer in.
    ids : str
        What the platform puts before our number of a respondent.
    """

    platform: str
    write: Write
    records: tuple[str, ...] = ()
    lost: Mapping[str, str] = field(default_factory=dict)
    by_code: bool = False
    by_name: bool = False
    languages: int = 1
    ids: str = ""


def _qualtrics(*, qsf: bool = False, suffix: str = "csv", **options: bool) -> Write:
    def write(forms: Sequence[Form], people: Sequence[Person], folder: Path) -> Written:
        form = forms[0]
        (file,) = write_qualtrics([form]).values()
        survey = qualtrics.imported(file, form.locale)
        path = folder / f"Made_March 15, 2026_10.00.{suffix}"
        path.write_bytes(qualtrics.exported(survey, form, people, **options))
        if qsf:
            (folder / "Made.qsf").write_bytes(qualtrics.survey_file(survey, form.locale))
        return Written(path, "worker_code", survey)

    return write


def _redcap(*, dictionary: str = "", labels: bool = False) -> Write:
    def write(forms: Sequence[Form], people: Sequence[Person], folder: Path) -> Written:
        form = forms[0]
        (file,) = write_redcap([form]).values()
        survey = redcap.imported(file, form.locale)
        path = folder / f"Made_DATA_{'LABELS_' if labels else ''}2026-03-15_1000.csv"
        path.write_bytes(redcap.exported(survey, form, people, labels=labels))
        book = folder / (
            "Made_DataDictionary_2026-03-15.csv" if dictionary == "beside" else "d.csv"
        )
        if dictionary:
            book.write_bytes(redcap.with_worker(file, survey))
        worker = "Worker code" if labels else "worker_code"
        return Written(path, worker, survey, book if dictionary == "named" else None)

    return write


def _limesurvey(*, other: bool = False, **options: str | bool) -> Write:
    def write(forms: Sequence[Form], people: Sequence[Person], folder: Path) -> Written:
        file = next(iter(write_limesurvey(forms).values()))
        by_language = {language_of(form.locale): form for form in surveys(forms)[0]}
        survey = limesurvey.imported(file)
        path = folder / "results-survey123456.csv"
        language = list(by_language)[-1 if other else 0]
        path.write_bytes(
            limesurvey.exported(survey, by_language, people, language=language, **options)
        )
        name = {"full": "Worker code", "both": "workercode. Worker code"}
        return Written(path, name.get(str(options.get("heading")), "workercode"), survey)

    return write


def _kobo(*, central: bool = False, **options: str | int | bool) -> Write:
    def write(forms: Sequence[Form], people: Sequence[Person], folder: Path) -> Written:
        (file,) = write_xlsform(forms).values()
        survey = kobo.imported(file)
        make = kobo.from_central if central else kobo.exported
        path = folder / ("made.xlsx" if options.get("workbook") else "made.csv")
        path.write_bytes(make(survey, forms, people, **options))
        return Written(path, "worker_code", survey)

    return write


_Q = ("started", "submitted", "finished", "duration", "progress", "preview", "language")
_R = ("submitted", "finished")
_L = ("started", "submitted", "finished", "duration", "language")
_K = ("started", "submitted", "duration")


MODES: Mapping[str, Mode] = {
    "qualtrics numeric -99": Mode("qualtrics", _qualtrics(), _Q, by_code=True, ids="R_"),
    "qualtrics numeric": Mode(
        "qualtrics", _qualtrics(seen=False), _Q, _BLANK_ONLY, by_code=True, ids="R_"
    ),
    "qualtrics numeric -99 qsf": Mode("qualtrics", _qualtrics(qsf=True), _Q, ids="R_"),
    "qualtrics numeric qsf, no texts in row 2": Mode(
        "qualtrics", _qualtrics(qsf=True, row_two=False), _Q, ids="R_"
    ),
    "qualtrics numeric qsf": Mode(
        "qualtrics", _qualtrics(qsf=True, seen=False), _Q, _BLANK_ONLY, ids="R_"
    ),
    "qualtrics texts -99": Mode("qualtrics", _qualtrics(texts=True), _Q, ids="R_"),
    "qualtrics texts": Mode(
        "qualtrics", _qualtrics(texts=True, seen=False), _Q, _BLANK_ONLY, ids="R_"
    ),
    "qualtrics texts -99 qsf": Mode("qualtrics", _qualtrics(texts=True, qsf=True), _Q, ids="R_"),
    "qualtrics texts tsv": Mode(
        "qualtrics", _qualtrics(texts=True, tabs=True, suffix="tsv"), _Q, ids="R_"
    ),
    "redcap raw": Mode("redcap", _redcap(), _R, _BLANK_ONLY, by_code=True, by_name=True),
    "redcap raw, dictionary": Mode("redcap", _redcap(dictionary="named"), _R, _BLANK_ONLY),
    "redcap raw, dictionary beside": Mode("redcap", _redcap(dictionary="beside"), _R, _BLANK_ONLY),
    "redcap labels": Mode("redcap", _redcap(labels=True), _R, _BLANK_ONLY),
    "redcap labels, dictionary": Mode(
        "redcap", _redcap(labels=True, dictionary="named"), _R, _BLANK_ONLY
    ),
    # Answer codes: blank is all there is. Full answers: N/A for what a condition hid.
    **{
        f"limesurvey {heading} {'full answers' if labels else 'codes'}{sign}": Mode(
            "limesurvey",
            _limesurvey(heading=heading, labels=labels, semicolon=bool(sign)),
            _L,
            {} if labels else _BLANK_ONLY,
            by_code=not labels,
            by_name=heading == "code",
            languages=2,
        )
        for heading in ("code", "both", "full")
        for labels in (False, True)
        for sign in ("", ", semicolon")
    },
    "limesurvey full full answers in the other language": Mode(
        "limesurvey", _limesurvey(heading="full", labels=True, other=True), _L, languages=2
    ),
    **{
        f"kobo values, {name}": Mode(
            "kobo",
            _kobo(groups=sign, workbook=workbook),
            _K,
            _BLANK_ONLY,
            by_name=True,
            languages=2,
            ids="u-",
        )
        for name, sign, workbook in (
            ("groups", "/", False),
            ("groups with dots", ".", False),
            ("no groups", "", False),
            ("workbook", "/", True),
        )
    },
    **{
        f"kobo labels, {name}": Mode(
            "kobo", _kobo(labels=place, groups=sign), _K, _BLANK_ONLY, languages=2, ids="u-"
        )
        for name, place, sign in (
            ("groups", 0, "/"),
            ("no groups", 0, ""),
            ("other language", -1, "/"),
        )
    },
    "central, groups": Mode(
        "kobo", _kobo(central=True), _K, _BLANK_ONLY, by_name=True, languages=2, ids="uuid:"
    ),
    "central, no groups": Mode(
        "kobo",
        _kobo(central=True, groups=False),
        _K,
        _BLANK_ONLY,
        by_name=True,
        languages=2,
        ids="uuid:",
    ),
}
