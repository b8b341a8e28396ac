"""What cannot come back is refused, with what to do; it is never read as something else."""

from random import Random

import pytest
from made_instruments import made
from made_people import people_of, truth_of
from modes import MODES
from simulated_platforms import qualtrics

from relsurvey.errors import IntakeError
from relsurvey.forms.form import forms_of
from relsurvey.forms.qualtrics import remarks, write_qualtrics
from relsurvey.instruments import load_instrument
from relsurvey.intake import read_responses

_LABELS = ("Never", "Sometimes", "Always")


def _instrument(*wordings, ids=("A1", "A2", "A3"), **scale):
    return made(
        {
            "id": "twins",
            "version": "1.0.0",
            "status": "draft",
            "title": "Twins",
            "short_title": "Twins",
            "construct": "Anything",
            "respondent": "worker",
            "description": "Made for tests.",
            "sources": [{"citation": "None.", "licence": "None."}],
            "languages": ["en-GB"],
            "instructions": {"en-GB": "How often?"},
            "response_scale": {
                "minimum": 1,
                "maximum": 3,
                "codes": [
                    {"value": value, "label": {"en-GB": label}}
                    for value, label in enumerate(_LABELS, start=1)
                ],
                **scale,
            },
            "items": [
                {"id": one, "gist": one, "reverse": False, "wording": {"en-GB": wording}}
                for one, wording in zip(ids, wordings, strict=True)
            ],
            "scales": [
                {
                    "id": "S",
                    "title": "S",
                    "items": list(ids),
                    "method": "mean",
                    "minimum": 1,
                    "maximum": 3,
                    "minimum_answered": {"count": 1},
                }
            ],
        }
    )


def _written(name, instrument, folder):
    forms = forms_of(instrument)
    people = people_of(forms, Random(1))
    return people, MODES[name].write(forms, people, folder)


# Where headings are wordings only, two items with the same one cannot be told apart.
@pytest.mark.parametrize(
    "name",
    [
        "qualtrics numeric -99",
        "qualtrics texts",
        "qualtrics numeric -99 qsf",
        "redcap labels",
        "limesurvey full codes",
        "limesurvey full full answers",
        "kobo labels, groups",
        "kobo labels, no groups",
    ],
)
def test_two_items_with_one_wording_are_refused(name, tmp_path):
    instrument = _instrument("I felt safe.", "I felt heard.", "I felt <b>safe</b>.")
    _, written = _written(name, instrument, tmp_path)
    with pytest.raises(IntakeError, match="2 columns could hold A1: column") as caught:
        read_responses(written.path, instrument, dictionary=written.dictionary)
    assert set(caught.value.failures["item"]) == {"A1", "A3"}
    assert "--columns map.yaml" in caught.value.hint


# Where a name or a dictionary says which is which, the same wording twice does no harm.
@pytest.mark.parametrize(
    "name",
    [
        "redcap raw",
        "redcap raw, dictionary",
        "redcap labels, dictionary",
        "limesurvey code codes",
        "limesurvey both full answers",
        "kobo values, groups",
        "central, groups",
    ],
)
def test_two_items_with_one_wording_and_names_come_back(name, tmp_path):
    instrument = _instrument("I felt safe.", "I felt heard.", "I felt <b>safe</b>.")
    people, written = _written(name, instrument, tmp_path)
    responses = read_responses(written.path, instrument, dictionary=written.dictionary)
    assert responses.items.equals(truth_of(instrument, people, {}).codes)


@pytest.mark.parametrize("tag", ["peech-sc", "rows"])
def test_a_matrix_without_its_texts_is_refused(tag, tmp_path):
    """Columns peech_sc_1 to 23 are places on a form that somebody may have changed."""
    instrument = load_instrument("peech-sc")
    form = forms_of(instrument)[0]
    (file,) = write_qualtrics([form]).values()
    survey = qualtrics.imported(file, "en-GB")
    people = people_of([form], Random(1))
    content = qualtrics.exported(survey, form, people, row_two=False)
    if tag == "rows":
        first, _, _, *rest = content.decode().splitlines()
        content = "\n".join([first, *rest]).encode()
    path = tmp_path / "export.csv"
    path.write_bytes(content)
    with pytest.raises(
        IntakeError, match="none of the 23 items of peech-sc has a column"
    ) as caught:
        read_responses(path, instrument)
    assert "relsurvey columns export.csv --instrument peech-sc --write" in caught.value.hint


def test_numbers_that_the_definition_knows_are_not_given_to_other_answers(tmp_path):
    """ "NA" needs a number in Qualtrics; 99 would be read as unanswered."""
    instrument = _instrument(
        "I felt safe.",
        "I felt heard.",
        "I felt well.",
        not_applicable=[{"code": "NA", "label": {"en-GB": "Does not apply"}}],
        missing=[{"code": "99", "reason": "unanswered"}],
    )
    _, written = _written("qualtrics numeric -99", instrument, tmp_path)
    assert [one.code for one in written.survey.questions[0].options] == ["1", "2", "3", "100"]
    assert any("NA is now 100" in remark for remark in remarks(forms_of(instrument)))
    with pytest.raises(IntakeError, match="no answer that twins knows: '100'"):
        read_responses(written.path, instrument)


def test_minus_99_as_an_answer_of_its_own_is_remarked():
    unsure = {"code": "-99", "reason": "dont_know", "label": {"en-GB": "Don't know"}}
    instrument = _instrument("One.", "Two.", "Three.", missing=[unsure])
    assert any("-99 is also what Qualtrics writes" in one for one in remarks(forms_of(instrument)))


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("redcap raw", ("A-1", "A_1", "A1")),
        ("limesurvey code codes", ("A-1", "A1", "A-2")),
        ("limesurvey code codes", ("Q1_1", "Q11", "Q1")),
    ],
)
def test_renamed_items_are_not_taken_for_others(name, ids, tmp_path):
    instrument = _instrument("One.", "Two.", "Three.", ids=ids)
    _, written = _written(name, instrument, tmp_path)
    with pytest.raises(IntakeError, match="of the 3 items of twins ha"):
        read_responses(written.path, instrument)


@pytest.mark.parametrize("name", ["redcap raw, dictionary", "redcap labels", "kobo values, groups"])
def test_renamed_items_come_back_where_something_tells_them(name, tmp_path):
    instrument = _instrument("One.", "Two.", "Three.", ids=("A-1", "A_1", "A1"))
    people, written = _written(name, instrument, tmp_path)
    responses = read_responses(written.path, instrument, dictionary=written.dictionary)
    assert responses.items.equals(truth_of(instrument, people, {}).codes)


def test_codes_the_platform_changed_are_not_taken_for_others(tmp_path):
    instrument = _instrument(
        "One.",
        "Two.",
        "Three.",
        not_applicable=[{"code": "n/a", "label": {"en-GB": "Does not apply"}}],
    )
    for name in ("redcap raw", "limesurvey code codes"):
        _, written = _written(name, instrument, tmp_path)
        with pytest.raises(IntakeError, match=r"cells? (is|are) no answer that twins knows"):
            read_responses(written.path, instrument)


def test_a_wording_changed_on_the_platform_is_found_or_refused(tmp_path):
    """Somebody turned a statement round: it is not the item any more."""
    instrument = _instrument(
        "I felt that my worker listened to me.", "I felt heard today.", "I felt well today."
    )
    form = forms_of(instrument)[0]
    people = people_of([form], Random(1))
    (file,) = write_qualtrics([form]).values()
    content = qualtrics.exported(qualtrics.imported(file, "en-GB"), form, people).decode()
    path = tmp_path / "export.csv"
    path.write_text(content.replace("that my worker listened", "that my worker never listened"))
    with pytest.raises(IntakeError, match="1 of the 3 items of twins has no column"):
        read_responses(path, instrument)
    path.write_text(content.replace("that my worker listened", "that my helper listened"))
    with pytest.raises(IntakeError, match="1 of the 3 items of twins has no column"):
        read_responses(path, instrument)


def test_hidden_is_not_read_as_a_code_that_is_spelt_alike(tmp_path):
    """LimeSurvey has no code "n/a"; N/A in full answers is a question that was hidden."""
    instrument = _instrument(
        "One.",
        "Two.",
        "Three.",
        not_applicable=[{"code": "n/a", "label": {"en-GB": "Does not apply"}}],
    )
    people, written = _written("limesurvey full full answers", instrument, tmp_path)
    reasons = read_responses(written.path, instrument).reasons
    assert reasons.equals(truth_of(instrument, people, {}).reasons)
    assert {"not_shown", "not_applicable"} <= set(reasons.to_numpy().ravel())
