from relsurvey.intake import IntakeLog, LogEntry

LOG = IntakeLog(
    (
        LogEntry("file", "", 3, "Read.", "It was there."),
        LogEntry("ids", "w", 1, "Trimmed."),
        LogEntry("file", "", 1, "x" * 1000),
    )
)


def test_frame_and_dictionary():
    frame = LOG.to_frame()
    assert frame["count"].tolist() == [3, 1, 1]
    assert LOG.to_dict()["entries"][1]["what"] == "Trimmed."
    assert list(IntakeLog(()).to_frame()) == ["step", "column", "count", "what", "why"]


def test_summary_groups_by_step_and_keeps_lines_short():
    lines = LOG.summary().split("\n")
    assert lines[:2] == ["File", "  Read. It was there."]
    assert lines[3:] == ["Ids", "  Trimmed."]
    assert max(map(len, lines)) < 420


def test_what_was_done_alike_to_many_columns_is_one_line_with_the_sum():
    cells = [LogEntry("answers", f"A{i}", i, f"A{i}: {i} cells unanswered.", "Blank.")
             for i in range(1, 6)]  # fmt: skip
    lone = LogEntry("answers", "A1", 2, "A1: 2 labels read as numbers.", "Declared.")
    lines = IntakeLog((*cells, lone)).summary().split("\n")
    assert lines == [
        "Answers",
        "  15 cells unanswered in 5 columns (A1, A2, A3, A4 and 1 more). Blank.",
        "  A1: 2 labels read as numbers. Declared.",
    ]


def test_one_cell_and_many_cells_are_alike():
    cells = [LogEntry("answers", f"A{i}", i, f"A{i}: {i} cell{'s' * (i > 1)} unanswered.", "Blank.")
             for i in (1, 1, 1, 2)]  # fmt: skip
    assert IntakeLog(tuple(cells)).summary().split("\n")[1] == (
        "  5 cells unanswered in 4 columns (A1, A1, A1, A2). Blank."
    )


def test_what_one_code_was_read_as_is_kept_apart_from_another():
    cells = [
        LogEntry("answers", f"A{i}", 3, f"A{i}: '{code}' read as {code - 1} in 3 cells.", "Label.")
        for code in (4, 1)
        for i in range(1, 6)
    ]
    lines = IntakeLog(tuple(cells)).summary().split("\n")
    names = "5 columns (A1, A2, A3, A4 and 1 more)"
    assert lines == [
        "Answers",
        f"  '4' read as 3 in 15 cells of {names}. Label.",
        f"  '1' read as 0 in 15 cells of {names}. Label.",
    ]
