"""What the guidelines ask of a report on two linked surveys, one line an item.

A place is the id of a table or figure (also without the survey at its end), the id of a section,
or a section's id and a heading in it after a slash.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from relsurvey.reporting.characteristics import characteristics_of
from relsurvey.reporting.material import Material
from relsurvey.reporting.plain import plain
from relsurvey.reporting.sections.headline import too_few
from relsurvey.reporting.waves import waves_of

__all__ = ["ITEMS", "Item"]

AUTHORS = "Not in this report: the authors have to add it."


def _authors(_: Material) -> str:
    return AUTHORS


def _nothing(_: Material) -> str:
    return ""


def _because(reason: str) -> Callable[[Material], str]:
    """Return the same reason for every study."""
    return lambda _: reason


@dataclass(frozen=True)
class Item:
    """One thing a guideline asks for.

    Attributes
    ----------
    name : str
        The guideline and its number or heading.
    asked : str
        What is asked, in short.
    places : tuple of str
        Where it stands, where all of these are in the report; none for what no report of ours
        can have.
    otherwise : callable
        Why it does not stand there.
    lacks : callable
        What of it is not there, where something of it is; empty where nothing lacks.
    """

    name: str
    asked: str
    places: tuple[str, ...] = ()
    otherwise: Callable[[Material], str] = _authors
    lacks: Callable[[Material], str] = _nothing


def _withheld(material: Material) -> str:
    """Say why there is no estimate."""
    primary = material.study.primary
    if not material.tells(primary):
        return f"Withheld: it rests on {too_few(material, primary)}."
    return "Not in this report: it could not be computed; the section on the association says why."


def _no_companions(material: Material) -> str:
    return (
        "Not in this report: other methods were not asked."
        if material.study.companions is None
        else _withheld(material)
    )


def _no_covariates(material: Material) -> str:
    if not material.study.primary.covariates:
        return "Not applicable: the study file names no covariates."
    return _withheld(material)


def _no_structure(material: Material) -> str:
    if all(one.survey.structure is None for one in material.surveys):
        return "Not in this report: no factor model could be fitted."
    return "Withheld: the factor models rest on too few people."


def _no_agreement(material: Material) -> str:
    if material.study.agreement is None:
        return "Not in this report: it could not be computed."
    return "Withheld: too few workers or service users."


def _no_sensitivity(material: Material) -> str:
    if material.study.sensitivity is None:
        return "Not in this report: the study asked for no sensitivity analysis, or had none."
    return _withheld(material)


def _no_curve(material: Material) -> str:
    if material.study.curve is None:
        return "Not in this report: the study asked for no specification curve, or had none."
    return _withheld(material)


def _not_described(material: Material) -> str:
    """Say of whom characteristics are told, where it is not of both."""
    asked = [bool(characteristics_of(one.survey)) for one in material.surveys]
    if all(asked) or not any(asked):
        return ""
    told, silent = (material.surveys[asked.index(known)] for known in (True, False))
    return (
        f"Of the {told.people} only: {plain(silent.survey.instrument.short_title)} names no "
        f"context question that was asked, so that the authors have to describe the "
        f"{silent.people}, or name columns as context in a definition of their own."
    )


def _no_agreement_intervals(material: Material) -> str:
    if not material.rules.rounds("worker"):
        return ""
    return "Without intervals, which would tell the exact number of workers."


def _over_time(material: Material) -> str:
    if waves_of(material):
        return "Not in this report: it pools the waves. Change between them: relsurvey change."
    return "Not applicable: the surveys were answered once."


_no_secondary = _because("Not applicable: the study file names no secondary association.")
_no_rules = _because("Not applicable: the study file names no rule by which answers are left out.")
_no_published = _because(
    "Not in this report: the definitions of the instruments quote no figures of others."
)
_not_adapted = _because("Not applicable: neither instrument says that it was adapted.")
_few = _because("Withheld: too few people.")

ITEMS = (
    Item("STROBE 1a", "The design, named early", ("background/Design",)),
    Item("STROBE 1b", "What was done and found, in brief", ("answer",)),
    Item("STROBE 2", "Background and reasons for the study"),
    Item("STROBE 3", "Aims and hypotheses", ("background/Primary hypothesis",)),
    Item("STROBE 4", "The design and its main parts", ("background/Design",)),
    Item("STROBE 5", "Setting, places and dates"),
    Item("STROBE 6a", "Who could take part, and how they were found"),
    Item("STROBE 7", "Outcome, predictor and covariates, and their scores", ("table-scoring",)),
    Item("STROBE 8", "How each variable was measured", ("instruments", "table-questions")),
    Item("STROBE 9", "What was done about bias", ("table-sensitivity",), _no_sensitivity),
    Item("STROBE 10", "How the number of people was arrived at"),
    Item("STROBE 11", "How scores entered the analysis", ("methods/The association",)),
    Item("STROBE 12a", "All statistical methods, and covariates", ("methods/The association",)),
    Item(
        "STROBE 12b",
        "Subgroups and interactions",
        ("table-moderation",),
        _because("Not applicable: this report compares no subgroups."),
    ),
    Item("STROBE 12c", "What was done about missing answers", ("methods/Missing answers",)),
    Item("STROBE 12d", "How the sampling in groups was taken in", ("methods/The association",)),
    Item("STROBE 12e", "Sensitivity analyses", ("table-sensitivity",), _no_sensitivity),
    Item("STROBE 13a", "Numbers of people at each stage", ("table-flow",)),
    Item("STROBE 13b", "Reasons for leaving people out", ("table-flow",)),
    Item("STROBE 13c", "A flow diagram", ("figure-flow",)),
    Item(
        "STROBE 14a",
        "Characteristics of those who answered",
        ("table-characteristics",),
        _because(
            "Not in this report: no context question has answers that may be shown. The authors "
            "have to add it."
        ),
        _not_described,
    ),
    Item("STROBE 14b", "Missing answers to each variable", ("table-missing",), _few),
    Item("STROBE 15", "Summaries of the outcome and of the predictor", ("table-scores",), _few),
    Item("STROBE 16a", "Estimates with their intervals", ("table-association",), _withheld),
    Item("STROBE 16a", "What estimates are adjusted for", ("table-model",), _no_covariates),
    Item(
        "STROBE 16b",
        "Where scores were cut into categories",
        otherwise=_because("Not applicable: scores entered the analysis as they are."),
    ),
    Item(
        "STROBE 16c",
        "Absolute beside relative risks",
        otherwise=_because("Not applicable: the outcome is a score."),
    ),
    Item("STROBE 17", "Secondary analyses", ("table-secondary",), _no_secondary),
    Item("STROBE 17", "The same by other methods", ("table-companions",), _no_companions),
    Item("STROBE 17", "The same with other choices", ("table-specification",), _no_curve),
    Item("STROBE 18", "Main results with reference to the aims", ("answer",)),
    Item("STROBE 19", "Limitations", ("cautions",)),
    Item("STROBE 20", "A careful reading, with other studies beside it"),
    Item("STROBE 21", "For whom else the results may hold"),
    Item("STROBE 22", "Funding, and the part of those who paid"),
    Item("CHERRIES, CROSS: ethics", "Ethical approval and consent"),
    Item("CHERRIES: data protection", "How answers are protected", ("methods/Disclosure",)),
    Item(
        "CHERRIES: development",
        "How the questionnaire was made or adapted",
        ("table-adaptation",),
        _not_adapted,
    ),
    Item("CHERRIES: testing", "Whether it was tried out with people before"),
    Item("CHERRIES: recruitment", "How people were approached, and what they were offered"),
    Item("CHERRIES: administration", "Where and how the survey was filled in"),
    Item("CHERRIES: items", "How many questions there were", ("table-questions",)),
    Item("CHERRIES, CROSS: rates", "Rates of viewing, taking part and completing"),
    Item("CHERRIES: duplicates", "How double answers were prevented"),
    Item("CHERRIES: completeness", "Incomplete answers", ("table-missing-scales",), _few),
    Item("CHERRIES: timing", "Answers given too fast or oddly", ("table-rules",), _no_rules),
    Item(
        "CHERRIES: weighting",
        "Weights for those who did not answer",
        otherwise=_because("Not applicable: answers are not weighted."),
    ),
    Item("SAMPL: numbers", "People in each analysis", ("table-association",), _withheld),
    Item("SAMPL: p", "Exact p, two-sided, the test named", ("table-association",), _withheld),
    Item(
        "SAMPL: assumptions",
        "How assumptions were checked",
        otherwise=_because(
            "Not in this report: residuals and their variance. Whether the slope bends, and "
            "whether it differs with the number of people of a worker: among the "
            "sensitivity checks, where they were run."
        ),
    ),
    Item("SAMPL: software", "Software and versions", ("methods/Software",)),
    Item("COSMIN: content", "Whether people find the questions apt and clear"),
    Item("COSMIN: structure", "Structural validity", ("table-models",), _no_structure),
    Item("COSMIN: consistency", "Internal consistency of each scale", ("table-reliability",)),
    Item(
        "COSMIN: criteria",
        "Figures beside the criteria",
        ("table-criteria-reliability",),
        _few,
    ),
    Item("COSMIN: error", "Measurement error", ("table-reliability-further",), _few),
    Item("COSMIN: missing", "Missing answers and their handling", ("table-missing",), _few),
    Item("COSMIN: over time", "Reliability over time, responsiveness", otherwise=_over_time),
    Item(
        "COSMIN: invariance",
        "Whether groups answer alike at the same level",
        otherwise=_because(
            "Not in this report: relsurvey's checks between groups have to be run apart from it."
        ),
    ),
    Item("COSMIN: other studies", "Figures of others", ("table-published",), _no_published),
    Item(
        "GRRAS: agreement",
        "Agreement between raters: its form, numbers, intervals",
        ("table-agreement",),
        _no_agreement,
        _no_agreement_intervals,
    ),
    Item("Open science", "Files, versions and seed to do it again", ("provenance",)),
)
