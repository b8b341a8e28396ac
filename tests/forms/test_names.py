import re

from hypothesis import given
from hypothesis import strategies as st

from relsurvey.forms.escapes import as_html, one_line
from relsurvey.forms.names import safe_names

IDS = st.lists(
    st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,30}", fullmatch=True), unique_by=str.casefold
)


def cleaned(text):
    return re.sub(r"[^A-Za-z0-9]", "", text)


@given(IDS, st.integers(4, 20))
def test_names_are_allowed_short_and_told_apart(ids, longest):
    names = safe_names(ids, cleaned, longest, ["other"])
    assert list(names) == ids
    folded = [name.casefold() for name in names.values()]
    assert len(set(folded)) == len(folded)
    assert "other" not in folded
    for one, name in names.items():
        assert 0 < len(name) <= longest
        assert cleaned(name) == name
        if cleaned(one) == one and len(one) <= longest and one.casefold() != "other":
            assert name == one


def test_a_cut_name_keeps_the_end_of_the_id():
    names = safe_names(["a_long_name_of_an_item_11", "a_long_name_of_an_item_12"], str, 12)
    assert [name[-2:] for name in names.values()] == ["11", "12"]


def as_shown(html):
    import html as entities

    return entities.unescape(html.replace("<br>", "\n"))


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])))
def test_html_reads_as_it_was_written(text):
    written = as_html(text, "{}[]|$\\")
    assert not set(written) & set("{}[]|$\\")
    assert written[:1] not in tuple("=+-@") or not written
    assert as_shown(written) == text.strip()


def test_line_ends_and_tabs_leave_no_trace_in_a_line_of_html():
    assert as_html("one \r\n  two\n\nthree\tfour") == "one<br>two<br>three four"
    assert one_line(" one\r\n two\tthree ") == "one two three"
