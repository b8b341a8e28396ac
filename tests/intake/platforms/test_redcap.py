import re
import time

import pytest
from redcap_exports import DATA, DICTIONARY_HEADING, dictionary_line, instrument_of

from relsurvey.errors import IntakeError
from relsurvey.intake import read_responses
from relsurvey.intake.recognise import read_export

PMQ = ("pmq1", "pmq2", "pmq3", "pmq4")


def entries(export_or_responses, step):
    log = getattr(export_or_responses, "log", None)
    found = log.entries if log else export_or_responses.table.entries
    return " ".join(f"{entry.what} {entry.why}" for entry in found if entry.step == step)


@pytest.mark.parametrize(
    ("name", "why", "rows", "columns", "fields"),
    [
        ("survey", "redcap_survey_identifier", 2, 33, 25),
        ("longitudinal", "redcap_event_name", 18, 125, 95),
        ("checkboxes-1", "check_one___1 for a box", 4, 13, 4),
        ("decimal-comma", "demographics_complete, holds the status", 4, 6, 0),
        ("nonnumeric-record-id", "demographics_complete, holds the status", 3, 3, 0),
        ("repeating-sparse", "redcap_repeat_instrument", 9, 15, 0),
        ("events-and-repeats", "redcap_event_name", 10, 16, 0),
    ],
)
def test_real_exports(name, why, rows, columns, fields):
    export = read_export(DATA / f"{name}_data.csv")
    assert export.platform == "redcap"
    assert why in export.why
    assert (len(export.table.rows), len(export.columns)) == (rows, columns)
    assert export.columns[0].role == "record"
    assert export.respondent == 0
    told = entries(export, "platform")
    assert (f"{fields} fields taken" in told) == bool(fields)
    assert ("No data dictionary" in told) == (not fields)


def test_roles_of_a_real_survey():
    export = read_export(DATA / "survey_data.csv")
    roles = {column.name: column.role for column in export.columns}
    personal = {name for name, role in roles.items() if role == "personal"}
    assert personal == {
        "redcap_survey_identifier",
        "email",
        "first_name",
        "last_name",
        "address",
        "telephone_1",
    }
    assert roles["prescreening_survey_timestamp"] == "platform"
    assert roles["prescreening_survey_complete"] == "platform"
    assert roles["complete_study"] == "answer"
    assert "6 columns left out as personal" in entries(export, "columns")


def test_choices_of_a_real_survey():
    columns = {one.name: one for one in read_export(DATA / "survey_data.csv").columns}
    assert columns["pmq3"].choices == {"1": "Yes", "0": "No"}
    assert columns["has_diabetes"].choices == {"1": "True", "0": "False"}
    assert columns["race"].choices["2"] == "Native Hawaiian or Other Pacific Islander"
    assert columns["consent___1"].text == "I consent"
    assert columns["consent___1"].stem.startswith("By checking this box")


def test_begun_and_not_submitted(tmp_path):
    responses = read_responses(DATA / "survey_data.csv", instrument_of(tmp_path, PMQ))
    assert responses.meta["respondent_id"].tolist() == ["1", "2"]
    assert responses.meta["submitted"].isna().all()
    assert responses.meta["finished"].tolist() == [False, False]
    assert (responses.reasons == "unanswered").all(axis=None)


def test_rows_of_other_events_are_not_respondents(tmp_path):
    responses = read_responses(
        DATA / "longitudinal_data.csv", instrument_of(tmp_path, PMQ), wave="redcap_event_name"
    )
    assert responses.rows.tolist() == [3, 4, 5, 6, 9, 10, 11, 12, 16, 17]
    assert responses.items.notna().all(axis=None)
    assert responses.items["pmq1"].tolist() == [2, 1, 3, 0, 0, 0, 1, 3, 0, 2]
    assert responses.meta["wave"].nunique() == 6
    assert responses.meta["finished"].tolist() == [True, False, False] + [True] * 4 + [
        False,
        True,
        True,
    ]
    rows = entries(responses, "rows")
    assert "10 rows hold the items: dose_1_arm_1 (2)" in rows
    assert "8 rows left out: enrollment_arm_1" in rows
    assert "form patient_morale_questionnaire" in rows


def test_rows_of_other_repeats_are_not_respondents(tmp_path):
    made = instrument_of(tmp_path, ("bp_systolic", "bp_diastolic"))
    responses = read_responses(DATA / "repeating-sparse_data.csv", made, unknown="missing")
    assert responses.rows.tolist() == [3, 4, 5, 7]
    assert set(responses.reasons["bp_systolic"]) == {"out_of_scale"}


def test_repeats_within_events(tmp_path):
    made = instrument_of(tmp_path, ("dose", "med"))
    responses = read_responses(DATA / "events-and-repeats_data.csv", made, unknown="missing")
    assert responses.rows.tolist() == [5, 6, 9]
    assert responses.meta["finished"].tolist() == [True, False, True]


def test_boxes_to_tick_are_told():
    export = read_export(DATA / "checkboxes-1_data.csv")
    columns = {one.name: one for one in export.columns}
    assert (columns["check_two___a"].stem, columns["check_two___a"].text) == ("check two", "A")
    assert "9 columns with a box to tick: 0 is not ticked or not answered" in entries(
        export, "answers"
    )


RAW = (
    "record_id,redcap_event_name,first_timestamp,a,b,first_complete,c,second_complete\n"
    "1,start_arm_1,2024-05-01 10:00:00,1,2,2,,\n"
    "1,end_arm_1,,,,,3,2\n"
    "2,start_arm_1,[not completed],1,,0,,\n"
    "2,end_arm_1,,,,,,0\n"
    "3,start_arm_1,,,,,,\n"
)


def test_cells_of_a_form_that_was_not_asked_are_not_shown(tmp_path, export):
    responses = read_responses(export(RAW), instrument_of(tmp_path, ("a", "b", "c")))
    assert responses.n == 5
    not_shown = responses.reasons == "not_shown"
    assert not_shown["c"].tolist() == [True, False, True, False, True]
    assert not_shown["a"].tolist() == [False, True, False, True, False]
    assert responses.reasons["c"].tolist()[3] == "unanswered"
    # The last one never opened the form, whose status is blank: asked, and not answered.
    assert responses.reasons["a"].tolist()[4] == "unanswered"


def test_one_form_of_two(tmp_path, export):
    responses = read_responses(export(RAW), instrument_of(tmp_path, ("a", "b")))
    assert responses.rows.tolist() == [2, 4, 6]
    assert str(responses.meta["submitted"][0]) == "2024-05-01 10:00:00"
    assert responses.meta["submitted"].notna().sum() == 1
    assert responses.meta["finished"].tolist()[:2] == [True, False]
    assert responses.meta["finished"].isna().tolist() == [False, False, True]


def test_nothing_in_the_form_of_the_items(tmp_path, export):
    empty = RAW.replace("end_arm_1,,,,,3,2", "end_arm_1,,,,,,").replace(",,,,,,0", ",,,,,,")
    with pytest.raises(IntakeError, match="nothing stands in form second"):
        read_responses(export(empty), instrument_of(tmp_path, ("c",)))


LABELS = (
    '"Record ID","Event Name","Repeat Instrument","Repeat Instance","Survey Identifier",'
    '"Survey Timestamp","I felt safe","Hobbies (choice=Guitar)","Hobbies (choice=Flute, wooden)",'
    '"Complete?","I felt safe","Complete?"\n'
    '1,"First visit",,,,"2024-05-01 10:00",Yes,Checked,Unchecked,Complete,,\n'
    "2,First visit,,,x@y.org,[not completed],No,Unchecked,Unchecked,Incomplete,,\n"
    "2,First visit,Diary,1,,,,,,,Yes,Unverified\n"
)


def test_labels_without_a_dictionary(tmp_path, export):
    made = instrument_of(tmp_path, ("safe",), labels=("No", "Yes"))
    path = export(LABELS)
    exported = read_export(path)
    assert exported.platform == "redcap"
    assert [column.role for column in exported.columns[:6]] == [
        "record",
        "record",
        "record",
        "record",
        "personal",
        "platform",
    ]
    assert exported.columns[8].text == "Flute, wooden"
    twice = path.read_text().replace('"Complete?","I felt safe"', '"Complete?",Diary')
    responses = read_responses(export(twice), made, columns={"safe": "I felt safe"})
    assert responses.items["safe"].tolist() == [1, 0]
    assert responses.meta["finished"].tolist() == [True, False]
    assert "form in columns 6 to 10" in entries(responses, "rows")


def label_dictionary(export):
    return export(
        "\n".join(
            [
                DICTIONARY_HEADING,
                dictionary_line("record_id", "first_visit", label="Record ID"),
                dictionary_line("safe", "first_visit", "yesno", "I felt <b>safe</b>"),
                dictionary_line(
                    "hobby", "first_visit", "checkbox", "Hobbies", "a, Guitar|-1, Flute, wooden"
                ),
                dictionary_line("note", "diary", "descriptive", "I felt safe"),
                dictionary_line("safe_then", "diary", "yesno", "I felt safe"),
            ]
        ),
        "dictionary.csv",
        "utf-8-sig",
    )


def test_labels_that_repeat_are_told_apart_by_the_dictionary(tmp_path, export):
    made = instrument_of(tmp_path, ("safe_then",), labels=("No", "Yes"))
    dictionary = label_dictionary(export)
    responses = read_responses(export(LABELS), made, dictionary=dictionary)
    assert responses.rows.tolist() == [4]
    assert responses.items["safe_then"].tolist() == [1]
    assert responses.meta["finished"].tolist() == [False]
    exported = read_export(export(LABELS), dictionary=dictionary)
    assert exported.columns[7].ids == ("hobby___a",)
    assert exported.columns[8].ids == ("hobby____1",)


def test_headings_of_names_with_labels_in_the_cells(tmp_path, export):
    path = export(
        "record_id,redcap_repeat_instrument,redcap_repeat_instance,a,first_complete,b,diary_complete\n"
        "1,,,No,Complete,,\n1,My diary,1,,,Yes,Incomplete\n"
    )
    responses = read_responses(path, instrument_of(tmp_path, ("b",), labels=("No", "Yes")))
    assert responses.rows.tolist() == [3]
    assert responses.meta["finished"].tolist() == [False]


def test_a_report_without_status_columns(tmp_path, export):
    path = export(
        "record_id,redcap_event_name,a,b\n1,start_arm_1,1,\n1,end_arm_1,,2\n2,start_arm_1,,\n"
    )
    responses = read_responses(path, instrument_of(tmp_path, ("a",)))
    assert responses.rows.tolist() == [2, 4]
    assert "column 'a'" in entries(responses, "rows")


def test_missing_data_codes_are_named(tmp_path, export):
    path = export("record_id,a,first_complete\n1,-99,2\n2,UNK,2\n3,1,2\n")
    with pytest.raises(IntakeError, match=re.escape("'-99' once (a), 'UNK' once (a)")):
        read_responses(path, instrument_of(tmp_path, ("a",)))


@pytest.mark.parametrize(
    "content",
    [
        "id,q1,q2\n1,2,3\n",
        "id,q1,q2,task_complete\n1,2,3,yes\n2,2,3,no\n",
        "id,q1,Q2,task_complete\n1,2,3,1\n",
        "class,q1,task_complete\n7a,2,1\n7a,1,2\n",
        "id,Event Name,q1\n1,Fair,2\n",
    ],
)
def test_plain_tables_stay_plain(export, content):
    assert read_export(export(content)).platform == "csv"


def test_a_plain_table_named_as_redcap(export):
    with pytest.raises(IntakeError, match="is no export of REDCap: it has no redcap_ column"):
        read_export(export("id,q1,q2\n1,2,3\n"), "redcap")


def test_many_rows_take_little_time(export):

    lines = [
        f"{one},e{one % 3}_arm_1,{one % 5},{one % 4},{'' if one % 3 == 0 else 2}"
        for one in range(200_000)
    ]
    path = export("record_id,redcap_event_name,a,b,first_complete\n" + "\n".join(lines))
    exported = read_export(path)
    begin = time.perf_counter()
    narrowed = exported.narrow(exported, [2, 3])
    assert time.perf_counter() - begin < 1
    assert len(narrowed.table.rows) == 200_000


ENROLLED = (
    "record_id,redcap_event_name,worker_code,enrol_complete,a,b,first_complete\n"
    "1,enrol_arm_1,SW1,2,,,\n"
    "1,visit_1_arm_1,,,1,2,2\n"
    "1,visit_2_arm_1,,,3,2,2\n"
    "2,enrol_arm_1, SW2 ,2,,,\n"
    "2,visit_1_arm_1,,,1,0,2\n"
    "3,enrol_arm_1,,2,,,\n"
    "3,visit_1_arm_1,,,4,4,2\n"
)


def test_a_worker_asked_at_another_event_is_that_of_the_record(tmp_path, export):
    made = instrument_of(tmp_path, ("a", "b"))
    responses = read_responses(export(ENROLLED), made, worker="worker_code")
    assert responses.rows.tolist() == [3, 4, 6, 8]
    workers = responses.meta["worker_id"]
    assert workers.tolist()[:3] == ["SW1", "SW1", "SW2"]
    assert workers.isna().tolist() == [False, False, False, True]
    assert "3 rows took 'worker_code' from other rows of the same record." in entries(
        responses, "ids"
    )


def test_a_worker_that_differs_within_the_record_stops_the_reading(tmp_path, export):
    path = export(ENROLLED.replace("3,enrol_arm_1,,2", "1,second_enrol_arm_1,SW9,2"))
    with pytest.raises(IntakeError, match=r"do not agree on it: 2 rows \(rows 3, 4\)") as caught:
        read_responses(path, instrument_of(tmp_path, ("a", "b")), worker="worker_code")
    assert caught.value.failures["row"].tolist() == [2, 3, 4, 7]
    assert "SW" not in str(caught.value)


REPEATED = (
    "record_id,redcap_repeat_instrument,redcap_repeat_instance,worker_code,base_complete,"
    "a,b,diary_complete,team,teams_complete\n"
    "1,,,SW1,2,,,,,\n"
    "1,diary,1,,,1,2,2,,\n"
    "1,diary,2,,,3,2,2,,\n"
    "1,teams,1,,,,,,North,2\n"
    "2,diary,1,,,1,0,2,,\n"
    "2,,,SW2,2,,,,,\n"
)


def test_a_worker_in_the_base_row_is_that_of_the_repeated_forms(tmp_path, export):
    made = instrument_of(tmp_path, ("a", "b"))
    responses = read_responses(export(REPEATED), made, worker="worker_code", team="team")
    assert responses.rows.tolist() == [3, 4, 6]
    assert responses.meta["worker_id"].tolist() == ["SW1", "SW1", "SW2"]
    assert responses.meta["team"].tolist()[:2] == ["North", "North"]
    assert responses.meta["team"].isna().tolist() == [False, False, True]


def test_what_redcap_writes_into_a_row_is_not_taken_over(tmp_path, export):
    path = export(REPEATED.replace("\n1,,,SW1", "\n1,base,7,SW1"))
    made = instrument_of(tmp_path, ("worker_code",), ("SW1", "SW2"))
    responses = read_responses(path, made, wave="redcap_repeat_instance")
    assert responses.meta["wave"].isna().tolist() == [False, True]


def test_a_blank_worker_stays_blank_where_workers_were_asked(tmp_path, export):
    both = ENROLLED.replace("1,visit_1_arm_1,,,", "1,visit_1_arm_1,SW1,2,")
    responses = read_responses(
        export(both), instrument_of(tmp_path, ("a", "b")), worker="worker_code"
    )
    assert responses.meta["worker_id"].tolist()[:2] == ["SW1", "SW1"]
    # At the first visit somebody said it, so that nothing was said here.
    assert responses.meta["worker_id"].isna().tolist() == [False, False, True, True]
