"""Whether a run kept to the plan that was locked, and what it did otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from relsurvey.errors import listed
from relsurvey.study.columns import SURVEYS
from relsurvey.study.lock import (
    Lock,
    as_known_now,
    files_of,
    flat,
    instruments_of,
    lock_path,
    read_lock,
)
from relsurvey.text import and_list, counted

if TYPE_CHECKING:
    from relsurvey.study.plan import StudyPlan

__all__ = ["Difference", "LockState", "lock_state"]

NOTHING = "(nothing)"
# How the results are told; no figure depends on it.
_TOLD = ("title", "question", "notice", "report")
_LONGEST = 200
_MOST_NAMED = 6


@dataclass(frozen=True)
class Difference:
    """One key of the plan that a run had otherwise.

    Attributes
    ----------
    key : str
        As in the study file, with a point between the levels.
    locked, run : str
        What it was.
    matters : bool
        Whether figures can depend on it; a title or the format of a report cannot.
    """

    key: str
    locked: str
    run: str
    matters: bool = True


@dataclass(frozen=True)
class LockState:
    """What became of a locked plan.

    Attributes
    ----------
    locked : str
        The date of the lock (ISO).
    when : str
        Whether the answers were there already then, as the end of a sentence.
    fingerprint : str
        Of the lock.
    intact : bool
        Whether the lock still has its fingerprint.
    differences : tuple of Difference
        What the run had otherwise; none where all is as planned.
    other_exports : tuple of str
        Exports that were there when the plan was locked and are not the same now.
    earlier : tuple of str
        Dates of the locks that this one took the place of.
    """

    locked: str
    when: str
    fingerprint: str
    intact: bool
    differences: tuple[Difference, ...]
    other_exports: tuple[str, ...]
    earlier: tuple[str, ...]

    @property
    def as_planned(self) -> bool:
        """Whether nothing differs on which a figure can depend, and the lock is as it was."""
        return self.intact and not any(one.matters for one in self.differences)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What a reader has to know of it, the verdict first."""
        said = [f"{self._verdict} The plan was locked on {self.locked}, {self.when}."]
        if not self.intact:
            said.append(
                "The lock file was changed by hand after it was made: it no longer has its "
                "fingerprint, so that it cannot show what was planned."
            )
        if self.earlier:
            said.append(
                f"It took the place of {counted(len(self.earlier), 'earlier lock')} "
                f"({and_list(self.earlier)})."
            )
        if self.other_exports:
            said.append(
                f"{and_list(self.other_exports)} {'is' if len(self.other_exports) == 1 else 'are'}"
                " not the same as when the plan was locked."
            )
        return tuple(said)

    @property
    def _verdict(self) -> str:
        matter = [one.key for one in self.differences if one.matters]
        if not matter:
            return "As planned." if self.intact else "Nothing differs from the lock file."
        verb = "differs" if len(matter) == 1 else "differ"
        keys = listed(matter, _MOST_NAMED)
        return f"Not as planned: {counted(len(matter), 'key')} of the plan {verb} ({keys})."


def lock_state(plan: StudyPlan, study: Path) -> LockState | None:
    """Hold a plan against its lock.

    Parameters
    ----------
    plan : StudyPlan
        As it is now.
    study : pathlib.Path
        The study file; its lock is beside it.

    Returns
    -------
    LockState or None
        ``None`` where no plan was locked.

    Raises
    ------
    StudyError
        Where there is a lock that cannot be read.
    """
    path = lock_path(study)
    if not path.exists():
        return None
    lock = read_lock(path)
    now = files_of(plan, study.parent)
    return LockState(
        locked=lock.locked,
        when=lock.when,
        fingerprint=lock.fingerprint,
        intact=lock.intact,
        differences=(
            *_plan_differences(lock, plan),
            *_instrument_differences(lock, instruments_of(plan, study.parent)),
            *_companion_differences(lock, now),
        ),
        other_exports=_other_exports(lock, now),
        earlier=tuple(one["locked"] for one in lock.earlier),
    )


def _plan_differences(lock: Lock, plan: StudyPlan) -> list[Difference]:
    then = dict(flat(as_known_now(lock.plan)))
    now = dict(flat(plan.model_dump(mode="json")))
    return [
        Difference(
            key,
            *_shown(key, then.get(key), now.get(key)),
            matters=key.split(".")[0] not in _TOLD,
        )
        for key in dict.fromkeys([*then, *now])
        if then.get(key) != now.get(key)
    ]


def _shown(key: str, then: str | None, now: str | None) -> tuple[str, str]:
    """Return both values for a table, no heading of an export: it may be licensed wording."""
    if ".columns" in key:
        return (
            NOTHING if then is None else "a heading",
            NOTHING if now is None else "a heading" if then is None else "another heading",
        )
    shown = [NOTHING if value is None else value for value in (then, now)]
    first, second = (
        text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..." for text in shown
    )
    return first, second if second != first else f"{second} (they differ further on)"


def _instrument_differences(lock: Lock, now: dict[str, dict[str, str]]) -> list[Difference]:
    found = []
    for survey in SURVEYS:
        then, today = lock.instruments.get(survey, {}), now.get(survey, {})
        if then.get("sha256") != today.get("sha256"):
            key = f"{survey}.instrument (its definition)"
            found.append(Difference(key, _named(then), _named(today)))
    return found


def _named(instrument: dict[str, str]) -> str:
    if not instrument:
        return NOTHING
    return f"{instrument['id']} {instrument['version']}, {_start(instrument)}"


def _start(file: Mapping[str, str | None]) -> str:
    return f"SHA-256 {str(file['sha256'])[:12]}..."


def _companion_differences(lock: Lock, now: dict[str, Any]) -> list[Difference]:
    found = []
    for key in dict.fromkeys([*lock.files, *now]):
        then, today = lock.files.get(key), now.get(key)
        if key.endswith(".file") or then is None or today is None:
            continue  # an export may come later; a file named in one plan only is a key of it
        if then["sha256"] != today["sha256"]:
            found.append(Difference(f"{key} (its content)", _start(then), _start(today)))
    return found


def _other_exports(lock: Lock, now: dict[str, Any]) -> tuple[str, ...]:
    found = []
    for survey in SURVEYS:
        then, today = lock.files.get(f"{survey}.file"), now.get(f"{survey}.file")
        if then and today and then["sha256"] and then["sha256"] != today["sha256"]:
            found.append(str(today["name"]))
    return tuple(found)
