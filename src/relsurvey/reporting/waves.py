"""Waves in the files of a study, which its associations pool: how many, and of whom."""

from __future__ import annotations

from relsurvey.reporting.material import Material, SurveyMaterial
from relsurvey.text import and_list

__all__ = ["pooled_words", "waves_of"]


def waves_of(material: Material) -> tuple[tuple[SurveyMaterial, int], ...]:
    """Return the surveys with more than one wave, and how many each of them has."""
    found = ((one, one.survey.n_waves) for one in material.surveys)
    return tuple((one, count) for one, count in found if count > 1)


def pooled_words(material: Material) -> str:
    """Say what was done with waves; nothing where there are none."""
    waves = waves_of(material)
    if not waves:
        return ""
    answered = and_list([f"the {one.people} in {count} waves" for one, count in waves])
    return (
        f"The file has {answered}; all rows are pooled, so that answers that one person gave in "
        "several waves count as those of several people with the same worker."
    )
