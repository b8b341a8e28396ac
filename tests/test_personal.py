"""What one text or one heading gives away, and what stops it from being written."""

import time
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import relsurvey as rs
from relsurvey.instruments import load_instrument
from relsurvey.personal import (
    KINDS,
    HeadingKind,
    asks_for_birth,
    heading_kind,
    masked,
    masked_answer,
    personal_kind,
    personal_kinds,
    personal_texts,
    refuse_personal,
)
from relsurvey.personal.numbers import is_nhs_number
from relsurvey.pseudonyms import pseudonym

# Numbers and addresses set aside for examples: Ofcom's drama numbers, RFC 2606, RFC 5737,
# RFC 3849, NHS test numbers (999...), and a National Insurance number nobody has (QQ is not
# given out, so AA123456A, the form's own example, stands for one).
NHS = "943 476 5919"
FOUND = {
    "email": [
        "sarah@example.org",
        "write to <s.o'neill+study@mail.example.ac.uk>, please",
        "sarah @ example.org",
        "sarah@ example . org",
        "sarah (at) example (dot) org",
        "sarah[at]example.org",
        "sarah at example dot org",
        "\u202esarah@example.org\u202c",
        "sa\u200brah\uff20example.org",
        "müller@beispiel.example",
        "sarah@example",
        "first line\nsecond: sarah@example.org\nthird",
    ],
    "phone": [
        "07700 900123",
        "07700900123",
        "(07700) 900 123",
        "+44 7700 900123",
        "+44 (0)7700 900123",
        "0044 7700 900123",
        "00447700900123",
        "020 7946 0958",
        "01632 960 001",
        "0 7 7 0 0 9 0 0 1 2 3",
        "07700\u00a0900\u2009123",
        "０７７００９００１２３",
        "٠٧٧٠٠٩٠٠١٢٣",
        "07700–900–123",
        "Tel:07700900123.",
        "ring me on 07700 900123 or 07700 900456",
        "01/02/2021 07700 900123",
        "+49 30 90182-0",
        "06 12 34 56 78",
        "(406) 555-0123",
        "please call\n\n07700 900123\nafter six",
        "\u200f+44 7700 900123\u200f",
    ],
    "nhs_number": [
        "9434765919",
        NHS,
        "943-476-5919",
        f"NHS no: {NHS}",
        "943\u00a0476\u00a05919",
        "94 3476 5919",
        "9434 765 919",
        "NHS number: 943 476 5918",
    ],
    "national_insurance_number": [
        "AA123456A",
        "AA 12 34 56 A",
        "aa 123456 a",
        "my NI is AA123456A.",
    ],
    "ip_address": ["192.0.2.17", "2001:db8::17:4", "from 198.51.100.7:8080", "[2001:DB8::a1:b2]"],
    "date_of_birth": [
        "born 12/3/1980",
        "I was born on 3rd May 1980.",
        "DOB: 12.03.80",
        "date of birth 1980-03-12",
        "geboren am 12. März 1980",
        "née le 12 mars 1980",
    ],
    "postcode": ["SW1A 1AA", "sw1a1aa", "we live in M1 2AB now", "EH99 1SP"],
    "name": [
        "my worker Sarah Jones",
        "My worker Sarah was kind",
        "my worker sarah was kind",
        "Mrs Patel",
        "I saw Dr Ahmed on Monday",
        "mrs. O'Neill rang",
        "MRS PATEL",
        "Sarah Jones",
        "SARAH JONES",
        "Jones, Sarah",
        "Sarah J.",
        "it was Kwame Mensah who came",
        "asked for Priya Sharma",
        "with Agnieszka Kowalska",
        "and Mohammed Al-Hassan came",
        "thanks to Xiaoming Wang",
        "with Mark Thomas",
        "her name is Grace",
        "Herr Müller war da",
        "Sarah\u00a0Jones",
        "Siân Davies",
        "Seán O’Connor came",
        "it was Zoë Brown",
        "her worker is called josé",
        "Anne-Marie Smith",
        "J. Smith",
        "Smith, J.",
        "A. B. Miller rang",
        "A. Patel",
        "I saw dr patel",
        "Dr A Patel",
        "mrs o'neill came",
        "a nurse named Priya",
        "Claire helped me",
        "good.\nMy social worker is Chinedu Okafor.\nbye",
    ],
}
NOT_PERSONAL = [
    "",
    " ",
    "N/A",
    "-99",
    "4.25",
    "0.1234567890",
    "-1234567.0123456",
    "51.5073509",
    "1",
    "7 of 10",
    "1,2,3,4,5,6,7,8,9,10",
    "1 2 3 4 5 6 7 8 9 10",
    "01 02 03 04 05",
    "2021-04-28 11:21:47",
    "2021-04-28T11:21:47.123+01:00",
    "04/28/2021 11:21:47",
    "28.04.2021 09:07",
    "4/8/21 11:21:47 AM",
    "Wed Apr 28 2021",
    "01/02/2021",
    "12/3/1980",
    "00:12:33",
    "33044",
    "R_2xABC07700900123",
    "R_3nkSz0pQ2LcGf1H",
    "356806-356797-33882794",
    "0a1b2c3d-0770-4900-8123-07700900123f",
    "07700900-1234-4900-8123-0770090012ab",
    "uuid:5f3c0a77-0090-4123-8000-000000000001",
    "W0012345",
    "000123",
    "0000000000",
    "9999999999",
    "9434765918",
    "943 476 5918",
    "00:1B:44:11:3A:B7",
    "300.1.2.3",
    "1.2.3",
    "91.0.4472.124",
    "a" * 64,
    "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef",
    "GB123456A",
    "Q1 2AB",
    "B12 3rd dose",
    "@home",
    "me @ home",
    "5 @ 3.50 each",
    "see you @ the park. Thanks",
    "look at the dot",
    "completed 12/3/2020",
    "Very Much",
    "Does Not Apply",
    "Not Applicable",
    "Star Wars",
    "Strongly Agree",
    "Neither Agree Nor Disagree",
    "East South Central",
    "Some college or Associate degree",
    "Social Worker",
    "Senior Social Worker",
    "Social Work England",
    "Victoria Station",
    "Will Not Say",
    "May Be",
    "Prefer Not To Say",
    "Grace Period",
    "Christian Orthodox",
    "Dr. Who",
    "I miss school",
    "Ms Word",
    "Every April May June",
    "Trifft überhaupt nicht zu",
    "In keiner Weise",
    "Ikke valgt",
    "Tout à fait d'accord",
    "P-FTU3CUSCFTEZEUDR",
    "[not completed]",
    "Windows NT 10.0",
    "2.10.1.0",
    "A. Never",
    "D. Other",
    "V. Good",
    "I saw the dr today",
    "the dr listened",
    "ms symptoms",
    "Who helped me",
]


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind in FOUND for text in FOUND[kind]])
def test_what_looks_personal(kind, text):
    assert personal_kind(text) == kind
    assert personal_texts(["nothing", text, "0"]) == {1: kind}
    assert masked(text) == f"[looks like {KINDS[kind][0]}]"


@pytest.mark.parametrize("text", NOT_PERSONAL)
def test_what_does_not(text):
    assert personal_kind(text) is None
    assert masked(text) == text


@pytest.mark.parametrize("name", rs.list_instruments()["id"])
def test_no_label_of_a_shipped_instrument_looks_personal(name):
    scale = load_instrument(name).response_scale
    labels = {text for code in scale.codes for text in code.label.values()}
    assert labels
    assert personal_texts(sorted(labels)) == {}


@given(st.text(alphabet="0123456789", min_size=9, max_size=9))
@settings(deadline=None)
def test_one_check_digit_or_none_makes_nine_digits_an_nhs_number(nine):
    fits = [digit for digit in "0123456789" if is_nhs_number(nine + digit)]
    total = sum((10 - place) * int(digit) for place, digit in enumerate(nine))
    if total % 11 == 1 or set(nine) <= {nine[0]}:
        assert len(fits) <= 1
    else:
        assert fits == [str(-total % 11)]
        text = f"{nine[:3]} {nine[3:6]} {nine[6:]}{fits[0]}"
        assert personal_kind(text) == "nhs_number"


@given(
    st.text(alphabet="0123456789", min_size=10, max_size=10), st.integers(0, 9), st.integers(1, 9)
)
@settings(deadline=None)
def test_one_wrong_digit_is_noticed(digits, place, step):
    wrong = digits[:place] + str((int(digits[place]) + step) % 10) + digits[place + 1 :]
    assert not (is_nhs_number(digits) and is_nhs_number(wrong))


SEEDS = st.sampled_from([text for texts in FOUND.values() for text in texts])


@given(st.lists(st.one_of(st.text(), st.text("0123456789abAB+-()./:@ \n", max_size=24), SEEDS)))
@settings(deadline=None)
@example(["a\0b", "07700\x00900123", ""])
@example(["\ud800 Sarah Jones"])
def test_looking_at_many_finds_what_looking_at_each_finds(texts):
    found = personal_texts(texts)
    each = {place: kind for place, text in enumerate(texts) if (kind := personal_kind(text))}
    chance = {"phone", "nhs_number", "postcode"}
    assert found.items() <= each.items()
    assert all(each[place] in chance and " " not in texts[place] for place in each.keys() - found)


def test_long_texts_cost_little():
    texts = [
        "a" * 200_000,
        "a." * 100_000 + "@",
        "0 " * 100_000,
        "A" + "a'" * 100_000,
        "(at" * 50_000,
    ]
    begun = time.process_time()
    assert [personal_kind(text) for text in texts] == [None] * 5
    assert time.process_time() - begun < 20  # quadratic patterns would need many minutes


def test_chance_is_no_finding():
    numbers = [str(1_000_000_000 + i) for i in range(1000)]
    assert sum(map(is_nhs_number, numbers)) > 50
    assert personal_texts(numbers) == {}
    assert personal_texts(numbers[:40]) == {}
    valid = [text for text in numbers if is_nhs_number(text)]
    assert set(personal_texts([*valid, "1000000000"]).values()) == {"nhs_number"}
    comment = f"my number is {valid[0]}"
    assert personal_texts([*numbers, comment]) == {1000: "nhs_number"}


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("IPAddress", "ip_address"),
        ("IP Address", "ip_address"),
        ("IP-Adresse", "ip_address"),
        ("RecipientLastName", "name"),
        ("RecipientFirstName", "name"),
        ("RecipientEmail", "email"),
        ("EmailAddress", "email"),
        ("Email Address", "email"),
        ("E-Mail", "email"),
        ("E-Mail-Adresse", "email"),
        ("Correo electrónico", "email"),
        ("Adresse e-mail", "email"),
        ("Name", "name"),
        ("first_name", "name"),
        ("Nombre", "name"),
        ("Nom", "name"),
        ("Naam", "name"),
        ("Namn", "name"),
        ("Nachname", "name"),
        ("next_of_kin_contact_name", "name"),
        ("worker_name", "name"),
        ("telephone_1", "phone"),
        ("ec_phone", "phone"),
        ("Mobile number", "phone"),
        ("Telefonnummer", "phone"),
        ("Numéro de téléphone", "phone"),
        ("dob", "date_of_birth"),
        ("Date of birth", "date_of_birth"),
        ("Geburtsdatum", "date_of_birth"),
        ("Fecha de nacimiento", "date_of_birth"),
        ("NHS Number", "nhs_number"),
        ("nhs_no", "nhs_number"),
        ("National Insurance number", "national_insurance_number"),
        ("Postcode", "postcode"),
        ("Code postal", "postcode"),
        ("Home address", "address"),
        ("next_of_kin_contact_address", "address"),
        ("LocationLatitude", "location"),
        ("_gps_longitude", "location"),
        ("Your name (optional)", "name"),
        ("Email address (optional)", "email"),
        ("Initials", "name"),
        ("Your signature", "name"),
    ],
)
def test_headings_that_name_a_field(heading, kind):
    assert heading_kind(heading) == HeadingKind(kind, sure=True)


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Who is your social worker?", "name"),
        ("What is your name?", "name"),
        ("Q3. What is your e-mail address?", "email"),
        ("If you want the results, please leave your email address below", "email"),
        ("Please give your full postcode", "postcode"),
        ("Wie lautet Ihre Telefonnummer?", "phone"),
        ("<b>What is your date of birth?</b>", "date_of_birth"),
        ("Please enter your name", "name"),
        ("year_of_birth", "date_of_birth"),
        ("What is your year of birth?", "date_of_birth"),
        ("born", "date_of_birth"),
        ("NHS", "nhs_number"),
    ],
)
def test_questions_that_ask_for_it(heading, kind):
    assert heading_kind(heading) == HeadingKind(kind, sure=False)


@pytest.mark.parametrize(
    "heading",
    [
        "",
        "Q1",
        "RIA1",
        "team_name",
        "redcap_event_name",
        "Survey name",
        "My worker knew my name",
        "How often do you use e-mail?",
        "Do you own a mobile phone?",
        "Email permission",
        "They addressed what mattered to me",
        "Mobile device type",
        "StartDate",
        "Date submitted",
        "Date of completion",
        "Country of birth",
        "First part of your postcode",
        "In which country do you work?",
        "Who uses the code that you write? []",
        "worker_id",
        "respondent_id",
        "ExternalReference",
        "Location (Census Region)",
        "LocationAccuracy",
        "Any other comments",
        "Start language",
    ],
)
def test_headings_that_do_not(heading):
    assert heading_kind(heading) is None


def test_headings_about_birth():
    assert asks_for_birth("When were you born?")
    assert asks_for_birth("geboren_am")
    assert not asks_for_birth("Date of completion")


def test_personal_data_are_not_written():
    frame = pd.DataFrame(
        {
            "worker_id": ["W1", "sarah@example.org", "W3"],
            "wave": ["1", "1", "2"],
            "comment": ["fine", None, "Mrs Patel was kind"],
            "First name": ["Amy", "Bo", None],
            "RC": [4.5, 5.0, None],
        }
    )
    with pytest.raises(
        rs.OutputError, match="Nothing was written: 'worker_id', 'comment'"
    ) as caught:
        refuse_personal({Path("scores.csv"): frame}, ids=["worker_id", "team"])
    assert "Leave out --keep-ids" in str(caught.value)
    assert "Delete such columns" in str(caught.value)
    assert not any(secret in str(caught.value) for secret in ("sarah", "Patel", "Amy"))
    rows = caught.value.failures.set_index("column")
    assert rows.loc["worker_id"].tolist() == ["scores.csv", "e-mail addresses", 1, "3"]
    assert rows.loc["comment"].tolist() == ["scores.csv", "names", 1, "4"]
    assert rows.loc["First name"].tolist() == ["scores.csv", "names", 2, "2, 3"]


def test_what_is_written_as_a_pseudonym_may_be_anything():
    frame = pd.DataFrame({"worker_id": ["sarah@example.org"], "RC": [4.5]})
    refuse_personal({Path("a.csv"): frame}, hidden=["worker_id"])
    ids = [pseudonym(f"{i}@example.org", "worker", bytes(32)) for i in range(2000)]
    refuse_personal({Path("a.csv"): pd.DataFrame({"worker_id": ids})})


@pytest.mark.parametrize(
    "ids",
    [
        [f"{i:011d}" for i in range(500)],
        [str(7_000_000_000 + i) for i in range(500)],
        [f"W{i:05d}" for i in range(500)],
        ["Team North", "Team South", "Hospital Discharge", "Leaving Care 16+"],
    ],
)
def test_ids_that_name_nobody_are_written(ids):
    refuse_personal({Path("a.csv"): pd.DataFrame({"worker_id": ids, "team": ids})})


@pytest.mark.parametrize(
    ("named", "looks"),
    [
        ("Siân Davies", "names"),
        ("J. Smith", "names"),
        ("J Qwertz", "names (two words or more)"),
        ("jane smith", "names (two words or more)"),
        ("Smith,Jane", "names"),
        ("Zbrqa Xytrw", "names (two words or more)"),
        ("Anne-Marie Smith", "names"),
        ("priya", "names"),
        ("王小明", "names"),
        ("1960-04-01", "dates"),
        ("7700900123", "phone numbers"),
    ],
)
def test_ids_of_people_that_name_somebody_are_not_written_as_they_are(named, looks):
    frame = pd.DataFrame({"worker_id": ["W1", named, "worker 3"], "RC": [4.5, 5.0, 6.0]})
    with pytest.raises(rs.OutputError, match="Leave out --keep-ids") as caught:
        refuse_personal({Path("scores.csv"): frame}, ids={"worker_id": "worker"})
    assert caught.value.failures[["column", "looks like", "rows"]].to_numpy().tolist() == [
        ["worker_id", looks, "3"]
    ]
    assert named not in str(caught.value)
    refuse_personal({Path("scores.csv"): frame}, hidden=["worker_id"], ids={"worker_id": "worker"})


def test_teams_may_be_words_and_ids_may_be_codes():
    frame = pd.DataFrame(
        {
            "team": ["Team North", "Leaving Care", "Hospital Discharge"],
            "respondent_id": ["R_2xABC", "2023-W-17", "P-FTU3CUSCFTEZEUDR"],
            "worker_id": ["7100000001", "8123456789", "9123456789"],
        }
    )
    kinds = {"team": "team", "respondent_id": "respondent", "worker_id": "worker"}
    refuse_personal({Path("a.csv"): frame}, ids=kinds)


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("Oftn", "Oftn"),
        ("4,5", "4,5"),
        ("Neither agree nor disagree", "Neither agree nor disagree"),
        ("Siân", "[looks like a name]"),
        ("ask Priya", "[looks like a name]"),
        ("12/03/1980", "[looks like a date]"),
        ("3 May 1980", "[looks like a date]"),
        ("NHS number 943 476 5918", "[looks like an NHS number]"),
        ("7700900123", "[number, 10 digits]"),
        ("Zzacacia Avenue 12", "[text, 18 characters]"),
        ("jane.zzdoe", "[text, 10 characters]"),
        ("Nearly Always", "Nearly Always"),
        ("she lives by the church", "[text, 23 characters]"),
        ("Llanfairpwllgwyngyllgogerych", "[text, 28 characters]"),
    ],
)
def test_answers_are_shown_only_where_they_are_numbers_or_labels(cell, shown):
    assert masked_answer(cell) == shown


@pytest.mark.parametrize("name", rs.list_instruments()["id"])
def test_labels_of_shipped_instruments_are_shown(name):
    labels = [text for code in load_instrument(name).response_scale.codes
              for text in code.label.values()]  # fmt: skip
    assert [masked_answer(text) for text in labels] == labels


def test_every_kind_in_a_text_is_told():
    text = "My worker Sarah Jones, sarah@example.org, 07700 900123, SW1A 1AA"
    assert personal_kinds(text) == ("email", "phone", "postcode", "name")
    assert personal_kinds(f"NHS {NHS}") == ("nhs_number",)
    assert personal_kinds("fine") == ()
