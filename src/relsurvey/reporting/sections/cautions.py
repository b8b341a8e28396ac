"""What limits the findings, found in the results themselves."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from relsurvey.association.caveats import is_ordinary
from relsurvey.criteria import COSMIN
from relsurvey.reporting.figures.reliability import USUAL_ALPHA
from relsurvey.reporting.material import Material
from relsurvey.reporting.numbers import beside, bounded
from relsurvey.reporting.plain import plain
from relsurvey.reporting.sections.headline import differing_words, too_few, why_not_computed
from relsurvey.reporting.sections.missing import MUCH_MISSING
from relsurvey.reporting.sections.reliability import reliability_rows
from relsurvey.reporting.sentences.differing import differing_of
from relsurvey.reporting.sentences.doubts import bend_words
from relsurvey.reporting.waves import pooled_words, waves_of
from relsurvey.reporting.wording import is_computed
from relsurvey.text import and_list
from relsurvey.views import Bullets, Paragraph, Section

__all__ = ["cautions_section"]

FEW_WORKERS = 50
FEW_TEAMS = 20
MANY_AT_AN_END = 0.15
MUCH_UNLINKED = 0.10

Point = tuple[str, str]


def cautions_section(material: Material) -> Section:
    """List what weakens the findings, what was found in these data first."""
    points = (
        *_drafts(material),
        *_waves(material),
        *_few_workers(material),
        *_model_notes(material),
        *_bend(material),
        *_differing(material),
        *_teams(material),
        *_unlinked(material),
        *_ends(material),
        *_low_reliability(material),
        *_structure(material),
        *_odd_items(material),
        *_no_answers(material),
        *_several(material),
        *_methods_differ(material),
    )
    always = (*_always(material), *_withheld(material))
    blocks = (Paragraph(_opening(points)), Bullets((*points, *always)))
    return Section("cautions", "Limitations", blocks)


def _opening(points: Sequence[Point]) -> str:
    """Name what was found in these data, so that it is seen before the rest."""
    names = list(dict.fromkeys(name[0].lower() + name[1:] for name, _ in points))
    if not names:
        return "Nothing in these data is out of the ordinary; what limits any such study follows."
    return f"In these data: {and_list(names)}. What limits any such study follows after it."


def _drafts(material: Material) -> Iterator[Point]:
    for instrument in material.instruments:
        if instrument.status == "draft":
            yield (
                "Draft instrument",
                f"{plain(instrument.title)} has not been validated: that its scales measure what "
                "they are called is not established.",
            )


def _waves(material: Material) -> Iterator[Point]:
    if waves_of(material):
        yield (
            "Waves read as one",
            f"{pooled_words(material)} Intervals may be too narrow, and what changed between the "
            "waves is not in this report: relsurvey change asks that.",
        )


def _few_workers(material: Material) -> Iterator[Point]:
    workers = material.study.primary.n_workers
    if not is_computed(material.study.primary):
        yield "Association not computed", why_not_computed(material, material.study.primary)
        return
    if not material.tells(material.study.primary):
        yield (
            "Few workers" if not material.rules.allows(workers) else "Few service users",
            f"The association rests on {too_few(material, material.study.primary)} and is "
            "withheld. From so few it could not be told whether the scores go together: the "
            "interval is wide, and the variance between workers is hardly known.",
        )
        return
    if workers >= FEW_WORKERS:
        return
    count = material.rules.spoken(workers, "worker")
    yield (
        "Few workers",
        f"The slope rests on {count} workers; how many service users each of them has matters "
        f"much less. With fewer than {FEW_WORKERS} workers, estimates are imprecise and the "
        "variance between workers is poorly known.",
    )


def _model_notes(material: Material) -> Iterator[Point]:
    primary = material.study.primary
    if not (is_computed(primary) and material.tells(primary)):
        return
    if not primary.model.converged:
        yield (
            "The model did not converge",
            "Its estimates are not to be relied on until somebody has found out why.",
        )
    if is_ordinary(primary.model):
        yield (
            "No variance between workers was found",
            "The estimate lies at zero, the edge of what is possible: beyond what the model "
            "takes in, service users of one worker are as unlike as those of different workers. "
            "Interval and p are therefore those of ordinary regression, as if no two people "
            "shared a worker. If workers do differ, the interval is too narrow.",
        )


def _bend(material: Material) -> Iterator[Point]:
    words = bend_words(material)
    if words:
        said = words.partition(": ")[2]
        yield "The line bends", f"{said[0].upper()}{said[1:]}"


def _differing(material: Material) -> Iterator[Point]:
    found = differing_of(material)
    if found is not None and found.way in {"higher", "lower"}:
        yield (
            "Not the same everywhere",
            f"{differing_words(found)} The one slope is an average over it.",
        )


def _teams(material: Material) -> Iterator[Point]:
    primary = material.study.primary
    if not primary.n_teams or not material.tells(primary):
        return
    if primary.team is not None and primary.n_teams < FEW_TEAMS:
        yield (
            "Few teams",
            f"There are fewer than {FEW_TEAMS} teams: how much teams differ is hardly known, and "
            "degrees of freedom of the tests are few.",
        )
    if primary.team is None:
        yield (
            *(
                (
                    "One team",
                    "All workers are in one team: whether it would be so in others cannot be seen.",
                )
                if primary.n_teams == 1
                else (
                    "Workers share teams",
                    "The model has no level for teams. If teams differ, the interval may be too "
                    "narrow.",
                )
            ),
        )


def _unlinked(material: Material) -> Iterator[Point]:
    log = material.study.linked.log
    for one, linked in zip(
        material.surveys, (log.n_workers_linked, log.n_service_users_linked), strict=True
    ):
        answered = one.survey.responses.n
        share = material.rules.share_of(linked, answered, one.role)
        if math.isfinite(share) and share < 1 - MUCH_UNLINKED:
            lost = material.rules.share(answered - linked, answered, one.role)
            yield (
                f"{one.people.capitalize()} who could not be linked",
                f"{lost} of the {one.people} who answered are not in the association. If they "
                "differ from the others, it would look different with them.",
            )


def _ends(material: Material) -> Iterator[Point]:
    for one in material.surveys:
        for word, end in (("highest", "ceiling"), ("lowest", "floor")):
            names = []
            for summary in one.scores:
                count = summary.ceiling if end == "ceiling" else summary.floor
                share = material.rules.share_of(count, summary.n, one.role)
                if math.isfinite(share) and share >= MANY_AT_AN_END:
                    names.append(
                        f"{plain(summary.scale.title)} "
                        f"({material.rules.share(count, summary.n, one.role)})"
                    )
            if names:
                yield (
                    end.capitalize(),
                    f"Many {one.people} have the {word} score there is on "
                    f"{and_list(names)}. Differences among them cannot be seen, and "
                    "associations tend to look weaker than they are.",
                )


def _low_reliability(material: Material) -> Iterator[Point]:
    for one in material.surveys:
        low = [
            f"{plain(row['title'])} ({beside(row['alpha'], USUAL_ALPHA)})"
            for row in reliability_rows(material, one)
            if math.isfinite(row["alpha"]) and row["alpha"] < USUAL_ALPHA
        ]
        if low:
            yield (
                "Low reliability",
                f"Alpha is below {bounded(USUAL_ALPHA)} for {and_list(low)}: such scores "
                "hold much chance, and associations with them tend to look weaker than they are.",
            )


def _structure(material: Material) -> Iterator[Point]:
    """Name the questionnaires of which no factor model fits as COSMIN asks."""
    for one in material.surveys:
        structure = one.survey.structure
        if structure is None or not material.rules.allows(structure.n):
            continue
        models = set(structure.to_frame()["model"])
        verdicts = {
            reading.verdict
            for reading in structure.readings
            if reading.about in models and reading.source == COSMIN
        }
        if verdicts == {"not met"}:
            yield (
                "Structure not shown",
                f"None of the factor models of {plain(one.survey.instrument.short_title)} fits as "
                "COSMIN asks: that its questions measure what its scales are called is in doubt.",
            )


def _odd_items(material: Material) -> Iterator[Point]:
    for one in material.surveys:
        odd = list(
            dict.fromkeys(
                str(row["item"])
                for row in one.survey.items.to_frame().to_dict("records")
                if material.rules.allows(int(row["n"])) and row["item_rest_r"] < 0
            )
        )
        if odd:
            yield (
                "Questions that run against their scale",
                f"{and_list(odd)} ({one.people}): the correlation with the rest of the "
                "scale is below zero. Check whether the question is keyed the right way.",
            )


def _no_answers(material: Material) -> Iterator[Point]:
    for one in material.surveys:
        often = [
            answers.id
            for answers in one.answers
            if material.rules.share_of(answers.missing, answers.asked, one.role) > MUCH_MISSING
        ]
        if often:
            yield (
                "Questions left open",
                f"More than {MUCH_MISSING:.0%} of {one.people} gave no answer to "
                f"{and_list(often)}.",
            )


def _several(material: Material) -> Iterator[Point]:
    shown = [one for one in material.study.secondary if is_computed(one) and material.tells(one)]
    if len(shown) > 1:
        yield (
            "Several associations",
            "The more of them are looked at, the more likely it is that one stands out by chance. "
            "The study file names one of them as the primary one.",
        )


def _methods_differ(material: Material) -> Iterator[Point]:
    panel = material.study.companions
    if panel is None or not material.tells(panel.primary) or not panel.disagreeing:
        return
    yield (
        "Other methods are less sure",
        f"{and_list(list(panel.disagreeing))} {'does' if len(panel.disagreeing) == 1 else 'do'} "
        "not bear the primary method out, or in part only.",
    )


def _always(material: Material) -> Iterator[Point]:
    primary = material.study.primary
    shown = is_computed(primary) and material.tells(primary)
    small = (
        " A small p value says that chance alone is a poor explanation, not that the association "
        "matters."
        if shown and primary.p_value <= material.study.alpha
        else ""
    )
    yield (
        "Association only",
        f"That two scores go together does not show that one follows from the other.{small}",
    )
    if not waves_of(material):
        yield (
            "One point in time",
            "Both surveys were answered once: which came first, reflecting or the answers to it, "
            "cannot be seen.",
        )
    yield (
        "Who was invited is not known",
        "The files hold answers only. How many were asked and did not answer, and whether workers "
        "had a hand in whom to ask, the authors have to say.",
    )
    yield (
        "What people say of themselves",
        "Workers' scores are their own account of how they reflect, and may differ from what "
        "they do.",
    )
    yield (
        "Not for judging workers",
        "The report gives no result of any worker, and its figures must not be used to rate one.",
    )


def _withheld(material: Material) -> Iterator[Point]:
    rules = material.rules
    if rules.withheld:
        yield (
            "Withheld or rounded",
            f"To protect the people who answered, these are shown coarsely: "
            f"{'; '.join(rules.withheld)}. Exact counts are with the research team.",
        )
    yield (
        "Small counts",
        f"Answers and scores of {rules.few} people are put together with neighbouring ones or "
        "not shown.",
    )
