"""One check: what was changed, what came out beside the primary analysis, and a sentence."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from relsurvey.sensitivity.slope import Slope
from relsurvey.text import counted

__all__ = ["SLOPE", "Check", "Version", "as_rows", "left_out", "not_run", "slope_phrase"]

SLOPE = "slope"
VERDICTS = {
    "higher": "higher (interval above zero)",
    "lower": "lower (interval below zero)",
    "not shown": "not shown (interval includes zero)",
    "not known": "not known",
}


@dataclass(frozen=True, slots=True)
class Version:
    """One number of a check.

    Attributes
    ----------
    name : str
        What was done: "without answers that were flagged".
    found : Slope
        The number, its interval, test and basis.
    quantity : str
        "slope" where it can be compared with the primary slope; otherwise what it is, in words.
    """

    name: str
    found: Slope
    quantity: str = SLOPE

    def same_direction(self, primary: Slope) -> bool | None:
        """Whether the slope has the sign of the primary one; ``None`` where it is no slope."""
        if self.quantity != SLOPE or math.isnan(self.found.estimate):
            return None
        return (self.found.estimate > 0) == (primary.estimate > 0)

    def same_verdict(self, primary: Slope) -> bool | None:
        """Whether the interval says the same as the primary one; ``None`` where it is no slope."""
        if self.quantity != SLOPE or self.found.verdict == "not known":
            return None
        return self.found.verdict == primary.verdict

    def contradicts(self, primary: Slope) -> bool:
        """Whether it says something else than the primary slope, and not for want of people.

        A slope of fewer people, of the same sign, whose wider interval holds the primary slope
        says the same with less certainty.
        """
        if self.same_direction(primary) is False:
            return True
        return self.same_verdict(primary) is False and not self._is_only_wider(primary)

    def _is_only_wider(self, primary: Slope) -> bool:
        found = self.found
        fewer = (
            found.n_workers < primary.n_workers or found.n_service_users < primary.n_service_users
        )
        wider = found.conf_high - found.conf_low > primary.conf_high - primary.conf_low
        return fewer and wider and found.conf_low <= primary.estimate <= found.conf_high

    def changed(self, primary: Slope) -> str:
        """Say in a word or two what is other than in the primary analysis."""
        if self.quantity != SLOPE:
            return ""
        if math.isnan(self.found.estimate):
            return "not estimated"
        if self.same_direction(primary) is False:
            return "direction"
        return {None: "no interval", True: "no", False: "verdict"}[self.same_verdict(primary)]


@dataclass(frozen=True, slots=True)
class Check:
    """One question about what could fool us, and the answer.

    Attributes
    ----------
    name : str
        Short.
    question : str
        In plain words.
    versions : tuple of Version
        The numbers; none where it was not run.
    sentence : str
        What they say.
    needs : str
        Where it was not run: what it needs.
    """

    name: str
    question: str
    versions: tuple[Version, ...] = ()
    sentence: str = ""
    needs: str = ""


def not_run(name: str, question: str, needs: str) -> Check:
    """Return a check that could not be run for want of something."""
    return Check(name, question, needs=needs)


def slope_phrase(version: Version, primary: Slope) -> str:
    """Say how a slope stands to the primary one."""
    if math.isnan(version.found.estimate):
        return f"the slope cannot be estimated ({version.found.note})"
    if version.same_direction(primary) is False:
        return "the slope has the other sign"
    same = version.same_verdict(primary)
    if same is None:
        return "the slope has the same sign, but no interval"
    if same:
        return "the verdict stays the same"
    return f"the verdict becomes {VERDICTS[version.found.verdict]}"


def left_out(found: Slope, primary: Slope, threshold: int) -> Slope:
    """Withhold counts from which a count of fewer people than the threshold would follow.

    Parameters
    ----------
    found, primary : Slope
        With and without the change.
    threshold : int
        Fewest people of whom a count is shown.

    Returns
    -------
    Slope
        Counts are NaN, and the note says so, where it differs from the primary analysis by at
        least one and fewer than ``threshold`` service users or workers.
    """
    fewer = {
        "service user": primary.n_service_users - found.n_service_users,
        "worker": primary.n_workers - found.n_workers,
    }
    small = [noun for noun, count in fewer.items() if 0 < abs(count) < threshold]
    if not small:
        return found
    # Both: the number of workers left out would tell of their service users.
    hidden = replace(found, n_workers=math.nan, n_service_users=math.nan)
    how = "left out" if fewer[small[0]] > 0 else "more"
    return hidden.noted(f"Fewer than {counted(threshold, small[0])} {how}.")


def as_rows(check: Check, primary: Slope) -> list[Mapping[str, object]]:
    """Return a check as rows of a table."""
    if check.needs:
        return [_row(check, Version("not run", Slope(note=check.needs), ""), primary)]
    return [_row(check, version, primary) for version in check.versions]


def _row(check: Check, version: Version, primary: Slope) -> dict[str, object]:
    found = version.found
    difference = found.estimate - primary.estimate if version.quantity == SLOPE else math.nan
    return {
        "check": check.name,
        "question": check.question,
        "version": version.name,
        "quantity": version.quantity,
        "estimate": found.estimate,
        "std_error": found.std_error,
        "df": found.df,
        "p_value": found.p_value,
        "conf_low": found.conf_low,
        "conf_high": found.conf_high,
        "n_workers": found.n_workers,
        "n_service_users": found.n_service_users,
        "difference": difference,
        "same_direction": version.same_direction(primary),
        "same_verdict": version.same_verdict(primary),
        "note": found.note,
    }
