"""The sensitivity figure: the slope as planned, and each slope with one thing changed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from matplotlib.axes import Axes

from relsurvey.reporting.figures.drawing import Drawing, picture_of
from relsurvey.reporting.figures.shared import Point, draw_forest
from relsurvey.sensitivity.check import SLOPE
from relsurvey.text import percent

if TYPE_CHECKING:
    from relsurvey.sensitivity import SensitivityResult
    from relsurvey.sensitivity.check import Check, Version

__all__ = ["plot_sensitivity", "sensitivity_drawing", "slopes_shown"]


def slopes_shown(result: SensitivityResult) -> list[tuple[Check, Version]]:
    """Return the slopes that can stand beside the primary one, with the check of each.

    The lowest and the highest slope with one worker, or one team, left out are no part of it:
    beside the primary slope they would tell of that worker or team.
    """
    return [
        (check, version)
        for check in result.checks
        for version in check.versions
        if version.quantity == SLOPE and not singles_out(check) and _known(version)
    ]


def _known(version: Version) -> bool:
    return math.isfinite(version.found.estimate)


def singles_out(check: Check) -> bool:
    """Say whether a check leaves out one worker, or one team, at a time."""
    return check.name.startswith("one ") and check.name.endswith(" left out")


def plot_sensitivity(result: SensitivityResult, axes: Axes | None = None) -> Axes:
    """Draw the primary slope, and the slope of each check below it.

    Parameters
    ----------
    result : SensitivityResult
        What ``relsurvey.check_sensitivity`` returned.
    axes : matplotlib.axes.Axes, optional
        Where to draw; on a figure of its own, as tall as it needs, if not given.

    Returns
    -------
    matplotlib.axes.Axes
        The drawing. The primary slope is a diamond; dots say the same, hollow squares something
        else: another direction, or an interval on another side of zero.
    """
    own = result.primary
    points = [Point("as planned", own.estimate, own.conf_low, own.conf_high, "main", "primary")]
    points += [
        Point(
            version.name, version.found.estimate, version.found.conf_low, version.found.conf_high,
            "other" if version.changed(own) == "no" else "hollow", check.name,
        )
        for check, version in slopes_shown(result)
    ]  # fmt: skip
    label = f"Slope, points per point ({percent(result.confidence)} interval)"
    return draw_forest(points, axes, label=label)


def sensitivity_drawing(result: SensitivityResult, name: str, alt: str) -> Drawing:
    """Draw the checks as a picture for a report."""
    return picture_of(plot_sensitivity(result), name, alt)
