"""What is wrong with a call of ``power``: every fault at once, and what to do."""

from __future__ import annotations

from typing import Any

from relsurvey.errors import ModelError
from relsurvey.text import and_list, counted

__all__ = ["failure", "refuse"]


def failure(parameter: str, value: object, allowed: str) -> dict[str, Any]:
    """Return one fault of a call."""
    return {"parameter": parameter, "value": value, "allowed": allowed}


def refuse(failures: list[dict[str, Any]], open_ones: list[dict[str, Any]] | None = None) -> None:
    """Raise an error with all faults, if there is one.

    Parameters
    ----------
    failures : list of dict
        Parameters that have a value they cannot have.
    open_ones : list of dict, optional
        What is wrong with the four of which one is left out.

    Raises
    ------
    ModelError
        With each fault in ``.failures``: parameter, value, allowed.
    """
    unclear = open_ones or []
    if not (failures or unclear):
        return
    without_seed = [row for row in failures if row["parameter"] == "seed" and row["value"] is None]
    count, wrong, hints = len(failures) - len(without_seed), [], []
    if count:
        wrong.append(f"{counted(count, 'option')} cannot be used as given")
        hints.append("Give a value that is allowed, or leave the option out.")
    if unclear:
        wrong.append("not exactly one of the four is left out")
        hints.append(
            "Of workers, service users, the association and power, give three; the fourth is "
            "worked out."
        )
    if without_seed:
        wrong.append("a simulation needs a seed")
        hints.append("Give a seed, for instance seed=1: the same one gives the same studies.")
    raise ModelError(
        f"Power cannot be worked out: {and_list(wrong)}.",
        hint=" ".join(hints),
        failures=[*failures, *unclear],
    )
