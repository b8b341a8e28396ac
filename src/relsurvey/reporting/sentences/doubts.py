"""What the checks of sensitivity say against a finding, by what the tables of them show."""

from __future__ import annotations

from relsurvey.reporting.figures.sensitivity import slopes_shown
from relsurvey.reporting.material import Material
from relsurvey.reporting.numbers import p_value
from relsurvey.reporting.sections.sensitivity import without_near_ones
from relsurvey.sensitivity.checks.shape import bend_among

__all__ = ["bend_words", "contradicting"]


def contradicting(material: Material) -> int:
    """Count the slopes that say something else, of those that the tables show."""
    found = material.study.sensitivity
    if found is None:
        return 0
    shown, _ = without_near_ones(found, material.rules.threshold)
    return sum(version.contradicts(found.primary) for _, version in slopes_shown(shown))


def bend_words(material: Material) -> str:
    """Say how the line bends; nothing where a bend is not shown, or not told."""
    found = material.study.sensitivity
    if found is None or not material.tells(material.study.primary):
        return ""
    bend = bend_among(found.checks)
    if bend is None:
        return ""
    squared = bend.versions[0].found
    ends = (squared.conf_low, squared.conf_high)
    p = material.p_shown(squared.p_value, squared.estimate, ends, squared.df)
    return (
        f"The line bends: the slope is {squared.verdict} at high scores than at low ones "
        f"({p_value(p)}), so one slope does not say all."
    )
