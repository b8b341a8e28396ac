"""The specification curve: the primary question in every combination of defensible choices."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from relsurvey.reporting.disclosure import side_by_side
from relsurvey.reporting.figures.drawing import picture_of
from relsurvey.reporting.figures.specification import HEADINGS, plot_specification_curve
from relsurvey.reporting.material import Material
from relsurvey.reporting.numbers import MISSING, number, p_value, percent
from relsurvey.reporting.plain import plain
from relsurvey.reporting.sections.estimates import p_cell
from relsurvey.sensitivity import SpecificationCurve
from relsurvey.sensitivity.curve.curve_result import option_text
from relsurvey.sensitivity.curve.dealings import STATISTICS
from relsurvey.views import Block, Figure, Paragraph, Section, Table

__all__ = ["curve_shown", "specification_section"]

TITLE = "The result under other defensible choices"
# The choices that change something else than who is in the analysis.
BESIDE_PEOPLE = ("outcome", "predictor", "covariates", "model")


def specification_section(material: Material) -> Section | None:
    """Show the curve, what it comes to, and the choices behind it; nothing where there is none."""
    curve = material.study.curve
    if curve is None:
        return None
    if not material.tells(material.study.primary):
        blocks: tuple[Block, ...] = (
            Paragraph("It is withheld, as the main result is: it rests on too few people."),
        )
    else:
        blocks = tuple(_blocks(material, curve))
    return Section("specification", TITLE, blocks)


def _blocks(material: Material, curve: SpecificationCurve) -> Iterator[Block]:
    shown = curve_shown(curve, material.rules.threshold)
    words = _finding(material, shown, curve)
    yield Paragraph(
        f"Other researchers might have analysed the same answers in other ways. {words}"
    )
    yield _figure(shown, words)
    if len(shown.options):
        yield _options_table(shown)
    if curve.permutation:
        yield _chance_table(curve, told=shown is curve)


def curve_shown(curve: SpecificationCurve, threshold: int) -> SpecificationCurve:
    """Return the curve without slopes that would tell of few people beside another one of it.

    Parameters
    ----------
    curve : SpecificationCurve
        With all slopes.
    threshold : int
        Fewest people of whom something is said.

    Returns
    -------
    SpecificationCurve
        The same where all slopes can be shown. Only slopes with all other choices alike can be
        compared, and of these only those whose people are the same or differ by enough are left.
    """
    alike: dict[tuple[object, ...], list[int]] = {}
    table = curve.table
    for place, row in enumerate(table[list(BESIDE_PEOPLE)].itertuples(index=False, name=None)):
        alike.setdefault(row, []).append(place)
    kept = np.zeros(len(table), dtype=bool)
    people = table[["n_workers", "n_service_users"]].to_numpy(dtype=float)
    for places in alike.values():
        pairs = [(float(workers), float(users)) for workers, users in people[places]]
        kept[places] = side_by_side(pairs, threshold)
    return curve if kept.all() else curve.only(kept.tolist())


def _finding(material: Material, curve: SpecificationCurve, whole: SpecificationCurve) -> str:
    """Tell the curve that is shown; the test against chance is that of the whole one."""
    ways = "one way" if curve.n_fitted == 1 else f"{curve.n_fitted:,} ways"
    lost = curve.n_specifications - curve.n_fitted
    text = (
        f"The primary question was answered in {ways}"
        + (f" ({lost:,} more could not be computed)" if lost else "")
        + f". {percent(curve.share_same_direction)} of the slopes have the direction of the "
        f"primary one, and {percent(_below_alpha(material, curve))} have p below "
        f"{material.study.alpha:g}. The median of the standardised slopes is "
        f"{number(curve.median)}, the primary one {number(curve.primary_estimate)}."
    )
    hidden = whole.n_fitted - curve.n_fitted
    if hidden:
        text += (
            f" {hidden:,} more {'is' if hidden == 1 else 'are'} withheld: {material.rules.few} "
            "people are in one of them and not in another."
        )
    if whole.permutation:
        test = whole.permutation["median"]
        text += (
            " Where the workers' scores were dealt out at random, curves with a median as far "
            f"from zero came up with {p_value(test['p_value'])}."
        )
    return text


def _below_alpha(material: Material, curve: SpecificationCurve) -> float:
    return float((curve.table["p_value"] < material.study.alpha).mean())


def _figure(curve: SpecificationCurve, words: str) -> Figure:
    picture = picture_of(plot_specification_curve(curve), "figure-specification", words)
    return Figure(
        id="figure-specification",
        title="The slope in every combination of choices",
        alt=words,
        picture=picture,
        notes=(
            "Above: each standardised slope with its interval, from low to high. Below: the "
            "choices it was made with. The diamond is the primary analysis. All rest on the same "
            "people, so that their number adds no certainty.",
        ),
    )


def _options_table(curve: SpecificationCurve) -> Table:
    return Table(
        id="table-specification",
        caption="The choices, and the slopes made with each",
        columns=(
            "Choice",
            "Option",
            "Ways",
            "Median slope in SDs",
            "Same direction",
            "Interval without zero",
        ),
        rows=tuple(
            (
                HEADINGS[str(row["choice"])],
                plain(option_text(str(row["choice"]), row["option"])),
                f"{int(row['n']):,}",
                number(row["median"]),
                percent(row["share_same_direction"]),
                percent(row["share_excludes_zero"]),
            )
            for row in curve.options.to_dict("records")
        ),
        notes=(
            "Interval without zero: and in the direction of the primary slope. An exclusion is "
            "counted wherever it was made, alone or with others.",
        ),
        text_columns=frozenset({0, 1}),
        folded=True,
    )


def _chance_table(curve: SpecificationCurve, *, told: bool) -> Table:
    """Tabulate the test; what was observed is not told where slopes are withheld."""
    return Table(
        id="table-specification-chance",
        caption="The whole curve against chance",
        columns=("Of the curve", "Observed", "By chance", "p"),
        rows=tuple(
            (
                plain(STATISTICS[name]),
                number(test["observed"]) if told else MISSING,
                number(test["expected"]),
                p_cell(test["p_value"]),
            )
            for name, test in curve.permutation.items()
        ),
        notes=(
            f"The workers' scores were dealt out anew {curve.permutations:,} times, and the whole "
            "curve made again each time."
            + ("" if told else f" {MISSING}: not shown, since it rests on slopes withheld, too."),
        ),
        folded=True,
    )
