"""The table of what is withheld is short; the log behind it leaves nothing out."""

from relsurvey.reporting.build import build_report


def test_rows_of_one_table_stand_together_and_the_log_has_each(sample):
    report = build_report(sample, "technical")
    (one,) = next(s for s in report.sections if s.id == "withheld").tables
    assert len(one.rows) < 20 < len(report.withheld)
    pairs = {(entry.where, entry.why) for entry in report.withheld}
    assert {(where, why) for where, _, why in one.rows} == pairs
    assert len(one.rows) == len(pairs)
    assert any("other rows of this table" in what for _, what, _ in one.rows)
    assert one.notes == ("The file withheld.csv of the results has every row by itself.",)
    for entry in report.withheld:
        if entry.where in {"The whole report", "Reliability"}:
            assert any(entry.what in what for where, what, _ in one.rows if where == entry.where)
