"""Somebody has the whole shared folder, and uses every file in it to find out what is withheld.

Two made-up studies of which all small counts differ are written with all drawings; only pixels
are left out, which are made of the drawings beside them.
"""

import csv
import dataclasses
import io
import json
import re
from itertools import combinations
from types import SimpleNamespace

import docx
import numpy as np
import pandas as pd
import pytest
from PIL import Image

from relsurvey.agreement import scale_agreement
from relsurvey.instruments import load_instrument
from relsurvey.reporting.build import build_reports
from relsurvey.reporting.disclosure import Disclosure
from relsurvey.reporting.disclosure.audit import Known, bounds
from relsurvey.reporting.figures.drawing import Drawing
from relsurvey.sensitivity import SensitivityResult
from relsurvey.sensitivity.check import Check, Version
from relsurvey.sensitivity.slope import Slope
from relsurvey.study.shareable import write_shareable

RULES = Disclosure(10, frozenset({"worker"}))
ANSWERED = 140
# Of each made-up study: workers not linked, workers who are neither woman nor man, and a slope
# and an ICC of which nothing may be seen, since they are of few people.
SECRETS = ((7, 3, 0.19, 0.55), (3, 4, 0.33, 0.44))
SEX = SimpleNamespace(
    id="sex", gist="Sex", answer="choice",
    codes=tuple(
        SimpleNamespace(value=value, label={"en": label})
        for value, label in enumerate(("Woman", "Man", "Other"), 1)
    ),
)  # fmt: skip
WORDS = SimpleNamespace(id="words", gist="Anything else?", answer="text", codes=())


def slope(estimate, workers, users):
    return Slope(
        estimate=estimate, std_error=0.05, df=100.0, p_value=0.04, conf_low=estimate - 0.1,
        conf_high=estimate + 0.1, n_workers=workers, n_service_users=users,
    )  # fmt: skip


def sensitivity(workers, hidden):
    near = Version("at least 2", slope(hidden, workers - 3.0, 858.0))
    far = Version("at least 5", slope(0.07, 80.0, 700.0))
    said = f"Slopes lie between 0.07 and {hidden}."
    return SensitivityResult(
        outcome="TOTAL", predictor="RC", group="worker_id", team=None, covariates=(),
        primary=slope(0.2134, float(workers), 861.0),
        checks=(Check("minimum of users", "Does it hang on workers with few?", (near, far), said),),
        n_slopes=2, n_other_direction=0, n_other_verdict=0, sentence=said, confidence=0.95,
        threshold=10, notes=(),
    )  # fmt: skip


def agreement(hidden):
    """Draw answers about forty workers; of the first scale nine have any, and its ICC is secret."""
    random = np.random.default_rng(5)
    items, worker = load_instrument("peech-sc").item_ids, np.repeat(np.arange(40), 6)
    raw = 1.5 + 0.5 * random.normal(size=40)[worker, None] + random.normal(size=(240, len(items)))
    data = pd.DataFrame(np.clip(np.round(raw), 0, 3), columns=items).assign(worker_id=worker)
    found = scale_agreement(data, instrument="peech-sc")
    table = found.to_frame()
    table.loc[0, ["n", "n_groups"]] = [54, 9]
    table.loc[0, ["icc1", "icc1_low", "icc1_high"]] = [hidden, hidden - 0.2, hidden + 0.2]
    return dataclasses.replace(found, table=table)


def study(fake, unlinked, other, hidden_slope, hidden_icc):
    linked = ANSWERED - unlinked
    primary = dataclasses.replace(fake.Association(), n_workers=linked)
    asked = SimpleNamespace(formats=["html", "docx"], audiences=["technical", "service", "plain"])
    made = fake.study(
        linked_workers=linked,
        primary=primary,
        secondary=(dataclasses.replace(primary, outcome="SEC"),),
        plan=fake.plan(report=asked),
        sensitivity=sensitivity(linked, hidden_slope),
        agreement=agreement(hidden_icc),
    )
    survey = made.workers
    sexes = np.repeat(["Woman", "Man", "Other"], [90 - other, 50, other])
    words = [f"my name is Ann {i}" for i in range(ANSWERED)]
    context = pd.DataFrame({"sex": sexes, "words": words})
    survey.responses = SimpleNamespace(**vars(survey.responses), context=context)
    survey.instrument = dataclasses.replace(survey.instrument, context=(SEX, WORDS))
    survey.scores = survey.scores.assign(worker_id=[f"W-{i:04}" for i in range(ANSWERED)])
    rows = pd.DataFrame({"worker_id": survey.scores["worker_id"], "RC": 1.0, "TOTAL": 2.0})
    rows.loc[linked:, "TOTAL"] = np.nan
    made.linked.frame = rows
    return made


def pixels():
    stream = io.BytesIO()
    Image.new("RGB", (300, 200), "white").save(stream, format="PNG", dpi=(300, 300))
    return stream.getvalue()


@pytest.fixture(scope="module")
def folders(fake, tmp_path_factory):
    """The shared folders of both studies, each with its study."""
    drawn = pixels()
    made = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Drawing, "png", lambda _: drawn)
        for number, secrets in enumerate(SECRETS):
            folder = tmp_path_factory.mktemp(f"study-{number}") / "shareable"
            one = study(fake, *secrets)
            made.append((folder, one))
            write_shareable(build_reports(one), one.plan.report, folder)
    return made


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def words_of(folder):
    """Return every text of every file by its name: of documents what a reader of them sees."""
    texts = {}
    for name, content in contents(folder).items():
        if name.endswith(".docx"):
            document = docx.Document(io.BytesIO(content))
            cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
            texts[name] = "\n".join([*(one.text for one in document.paragraphs), *cells])
        elif not name.endswith(".png"):
            texts[name] = content.decode("utf-8")
    return texts


def table(folder, name):
    with (folder / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def test_folders_with_other_secrets_are_the_same_to_the_byte(folders):
    """Coordinates of drawings, meta data of documents and the log of what is withheld included."""
    one, other = (contents(folder) for folder, _ in folders)
    assert list(one) == list(other)
    assert [name for name in one if one[name] != other[name]] == []
    kinds = {name.rpartition(".")[2] for name in one}
    assert kinds == {"html", "docx", "svg", "png", "csv", "json", "txt"}
    assert {"figures/figure-sensitivity.svg", "figures/figure-agreement.svg"} <= set(one)


def test_the_secrets_are_other_ones_and_are_withheld_rather_than_left_out(folders):
    for folder, made in folders:
        gone = made.linked.log.n_workers - made.linked.log.n_workers_linked
        assert 0 < gone < 10
        flow = {row[0]: row[1] for row in table(folder, "table-flow")}
        assert flow["Not linked"] == "fewer than 10"
        sex = {row[0]: row[1:] for row in table(folder, "table-characteristics-worker")}
        assert set(sex["Sex: Other"]) == {"withheld"}
        checks = [row[0] for row in table(folder, "table-sensitivity")]
        assert "minimum of users: at least 2 (withheld: fewer than 10 people differ)" in checks


def numbers(cell):
    return int(cell.replace(",", "")) if re.fullmatch(r"[\d,]+", cell) else None


WORKERS = {
    "table-flow": (1, None), "table-scores-worker": (3, None),
    "table-reliability-worker": (2, None), "table-association": (1, "Workers"),
    "table-sensitivity": (4, None), "table-characteristics-worker": (1, None),
}  # fmt: skip


def counts_of_workers(folder):
    """Return all counts of workers of all tables."""
    found = set()
    for name, (column, row_name) in WORKERS.items():
        for row in table(folder, name)[1:]:
            if row_name is None or row[0] == row_name:
                found.add(numbers(row[column].partition(" (")[0]))
    return found - {None, 0}


def test_no_subtraction_of_two_counts_gives_a_withheld_one(folders):
    for folder, made in folders:
        counts = counts_of_workers(folder)
        assert {140, 135} <= counts
        secret = made.linked.log.n_workers - made.linked.log.n_workers_linked
        assert secret not in {abs(a - b) for a, b in combinations(counts, 2)}
        assert made.linked.log.n_workers_linked not in counts


def test_all_counts_together_leave_each_withheld_one_open(folders):
    """An integer program: who is linked or not, by sex, with all that any table says of these."""
    folder, _ = folders[0]
    flow = {row[0]: row[1] for row in table(folder, "table-flow")}
    sex = {row[0]: row[1] for row in table(folder, "table-characteristics-worker")}
    names = ["Sex: Woman", "Sex: Man", "Sex: Other", "Sex: No answer"]
    # Atoms: each sex, linked (even) and not linked (odd).
    atoms = {name: (2 * place, 2 * place + 1) for place, name in enumerate(names)}
    told = [
        (tuple(range(8)), flow["Answered"]),
        (tuple(range(0, 8, 2)), flow["Linked"]),
        (tuple(range(1, 8, 2)), flow["Not linked"]),
        (tuple(range(8)), sex["Sex: all"]),
        *((atoms[name], sex[name].partition(" (")[0]) for name in names),
    ]
    facts = [known for parts, text in told if (known := fact(parts, text)) is not None]
    assert len(facts) >= 5
    for secret, parts in ((7, range(1, 8, 2)), (3, atoms["Sex: Other"])):
        least, most = bounds(8, facts, list(parts))
        assert least <= secret <= most
        assert most - least >= 4


def fact(parts, text):
    """Return what a cell tells; nothing where it is withheld."""
    if text == "withheld":
        return None
    if (count := numbers(text)) is None:
        return Known(parts, 1, 9)
    could = RULES.could_be(count, "worker") if count else range(1)
    return Known(parts, could[0], could[-1])


def test_shares_and_ratios_with_rounding_leave_the_withheld_count_open(folders):
    """Every pair of counts that fits the share of those linked, the mean and the rounded counts."""
    folder, _ = folders[0]
    flow = {row[0]: row[1] for row in table(folder, "table-flow")}
    share = flow["Linked, as a share of those who answered"]
    fitting = {
        answered - linked
        for answered in RULES.could_be(numbers(flow["Answered"]), "worker")
        for linked in RULES.could_be(numbers(flow["Linked"]), "worker")
        if linked <= answered and share == RULES.share(linked, answered, "worker")
    }
    assert {secrets[0] for secrets in SECRETS} <= fitting
    assert len(fitting) >= 5


def test_no_share_times_n_is_of_few_people(folders):
    folder, made = folders[0]
    for name, survey in (("worker", made.workers), ("service-user", made.service_users)):
        rows = table(folder, f"table-answers-{name}")[1:]
        shares = 0
        for row in rows:
            answered = survey.responses.items[row[0].split()[0]].notna().sum()
            for cell in row[1:]:
                if re.fullmatch(r"[1-9]\d*%", cell):
                    shares += 1
                    assert (int(cell[:-1]) + 0.5) / 100 * answered >= 10
        assert shares > len(rows)


def test_means_are_of_items_of_which_every_answer_was_given_by_many(folders):
    """A mean times n is a sum of answers, which would take few people's answers apart."""
    folder, made = folders[0]
    items = made.workers.responses.items
    columns = table(folder, "table-items-worker")[0]
    place = next(i for i, text in enumerate(columns) if text.startswith("Mean"))
    rows = [row for row in table(folder, "table-items-worker")[1:] if row[0].split()[0] in items]
    assert len(rows) == len(items.columns)
    small = [items[name].value_counts().min() < 10 for name in items]
    assert any(small)
    for scale in ("RIA", "ROA"):
        own = [row for row in rows if row[0].startswith(scale)]
        fewest = min(items[row[0].split()[0]].value_counts().min() for row in own)
        assert all((row[place] == "–") == (fewest < 10) for row in own)


def test_the_bars_that_are_drawn_stand_for_nobody_or_many(folders):
    """Areas of the bars, as shares of their frame's, times n."""
    folder, made = folders[0]
    svg = (folder / "figures" / "figure-scores-worker.svg").read_text(encoding="utf-8")
    frames = {}
    for shape, frame in re.findall(r'<path d="([^"]+)" clip-path="url\(#([^)]+)\)"', svg):
        if shape.strip().lower().endswith("z"):
            points = np.array(re.findall(r"(-?[\d.]+) (-?[\d.]+)", shape), dtype=float)
            frames.setdefault(frame, []).append(np.prod(np.ptp(points, axis=0)))
    assert len(frames) == len(made.workers.instrument.scales)
    for areas in frames.values():
        assert np.min(areas) / np.sum(areas) * ANSWERED > 9.5


def test_nothing_of_a_person_is_in_any_file(folders):
    """No id, no text answer, and no number as exact as a single score."""
    folder, made = folders[0]
    names = [*made.workers.scores["worker_id"], *made.workers.scores["respondent_id"]]
    for name, text in words_of(folder).items():
        assert set(names).isdisjoint(re.findall(r"[\w-]+", text)), name
        assert "my name is" not in text
        if name.startswith("tables/"):
            assert not re.search(r"\d\.\d{5}", text), name
    stored = json.loads((folder / "views.json").read_text(encoding="utf-8"))
    assert set(stored["reports"]) == {"technical", "service", "plain"}
    for text in words_of(folder).values():
        assert not re.search(r"\b(smallest|largest|lowest|highest) score of\b", text)


def test_every_way_of_telling_the_withheld_slope_is_closed(folders):
    """Neither slope nor ICC of few people is a text anywhere, or differs in a drawing."""
    for (folder, _), (_, _, hidden_slope, hidden_icc) in zip(folders, SECRETS, strict=True):
        texts = words_of(folder)
        scales = [row[0] for row in table(folder, "table-agreement")[1:]]
        assert scales == ["Knowing", "Personal value", "Connection", "Emotional care"]
        drawn = (folder / "figures" / "figure-agreement.svg").read_text(encoding="utf-8")
        assert f"Security: ICC(1) .{str(hidden_icc)[2:]}" not in drawn + texts["report.html"]
        assert str(hidden_slope) not in "\n".join(map(str, table(folder, "table-sensitivity")))
        assert f"0.07 and {hidden_slope}" not in texts["report.docx"] + texts["report.html"]
