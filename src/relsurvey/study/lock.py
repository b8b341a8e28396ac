"""The plan as it was settled beforehand, and what a later run did otherwise.

A lock is a small JSON file beside the study file: the plan key by key, the instruments, whether
the exports were there already, and a fingerprint of all that. Comments and the way the YAML is
laid out are no part of it. Nothing in it is about a person.

The fingerprint shows that a lock was changed by hand. It cannot show that somebody made a new
lock and dated it back: for that, give the fingerprint to somebody else (a registry, an ethics
committee, a colleague) on the day.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from relsurvey.errors import OutputError, StudyError
from relsurvey.files import ensure_free, sha256_of, written_whole
from relsurvey.results import Result
from relsurvey.study.columns import SURVEYS, require_columns
from relsurvey.study.plan import COMPANIONS, StudyPlan, instrument_of, load_plan
from relsurvey.study.provenance import today
from relsurvey.text import and_list
from relsurvey.version import __version__

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Lock", "flat", "lock_path", "lock_study", "read_lock"]

SCHEMA = 1


@dataclass(frozen=True)
class Lock(Result):
    """A plan as it was locked.

    Attributes
    ----------
    path : pathlib.Path
        The lock file.
    locked : str
        Date (ISO, UTC).
    plan : dict
        The study file's content, with the value of every key that it leaves out.
    instruments : dict of str to dict
        ``id, version, sha256`` for "workers", "service_users" and, if there are any, "teams".
    files : dict of str to dict
        ``name, sha256`` of each file that the plan names, by key ("workers.file"); the hash is
        ``None`` where the file was not there yet.
    fingerprint : str
        SHA-256 of all the rest, as it stands in the file.
    intact : bool
        Whether that is still so; a lock that was changed by hand is not.
    earlier : tuple of dict
        ``locked, fingerprint`` of the locks that this one took the place of.
    relsurvey : str
        The version that locked it.
    """

    path: Path
    locked: str
    plan: dict[str, Any]
    instruments: dict[str, dict[str, str]]
    files: dict[str, dict[str, str | None]]
    fingerprint: str
    intact: bool
    earlier: tuple[dict[str, str], ...]
    relsurvey: str

    @property
    def exports(self) -> dict[str, str | None]:
        """The SHA-256 of each export by its name; ``None`` where it was not there yet."""
        found = (self.files.get(f"{survey}.file") for survey in SURVEYS)
        return {str(one["name"]): one["sha256"] for one in found if one is not None}

    @property
    def when(self) -> str:
        """Whether the answers were there when the plan was locked, as the end of a sentence."""
        there = [name for name, digest in self.exports.items() if digest is not None]
        if not there:
            return "before the data files were there"
        if len(there) == len(self.exports):
            return f"when the data files were there already ({and_list(there)})"
        absent = [name for name in self.exports if name not in there]
        return f"when {and_list(there)} was there already and {and_list(absent)} was not"

    def to_frame(self) -> pd.DataFrame:
        """Return the plan, one row a key: ``key, value``."""
        import pandas as pd

        return pd.DataFrame(list(flat(self.plan)), columns=["key", "value"])

    def _short_text(self) -> str:
        by_hand = "" if self.intact else " It was changed by hand since."
        return f"{self.path.name}: locked on {self.locked}, {self.when}.{by_hand}"

    def summary(self) -> str:
        """Return when the plan was locked, and how anybody can tell that it is this one."""
        lines = [
            f"{self.path.name}: locked on {self.locked}, {self.when}.",
            f"Fingerprint {self.fingerprint}",
            "Give it to somebody outside the team, or register it, so that the date can be shown.",
        ]
        absent = [name for name, digest in self.exports.items() if digest is None]
        if absent:
            verb = "was" if len(absent) == 1 else "were"
            lines.insert(
                1,
                f"The columns of {and_list(absent)}, which {verb} not there, could not be checked.",
            )
        if not self.intact:
            lines.append("It was changed by hand after that: it does not have its fingerprint.")
        return "\n".join(lines)


def lock_path(study: str | Path) -> Path:
    """Return where the lock of a study file is: ``study.lock`` beside ``study.yaml``.

    Examples
    --------
    >>> lock_path("folder/study.yaml").as_posix()
    'folder/study.lock'
    """
    return Path(study).with_suffix(".lock")


def lock_study(path: str | Path, *, force: bool = False) -> Lock:
    """Freeze the plan of a study, so that a report can say whether it was kept.

    Parameters
    ----------
    path : str or pathlib.Path
        The study file. Its exports need not be there yet.
    force : bool
        Whether a lock that is there may be replaced; the new one remembers when it was made.

    Returns
    -------
    Lock
        What was written to ``study.lock`` beside the study file.

    Raises
    ------
    StudyError
        Where the study file is not valid, or names columns that the exports which are there do
        not have; of an export that is not there yet they cannot be checked.
    OutputError
        Where there is a lock already, or it cannot be written.

    Examples
    --------
    >>> import shutil, tempfile
    >>> from relsurvey.resources import shipped
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     study = shutil.copy(shipped("sample") / "study.yaml", folder)
    ...     lock_study(study).when
    'before the data files were there'
    """
    path = Path(path)
    plan = load_plan(path, answered=False)
    target = lock_path(path)
    earlier = _earlier(target, force=force)
    ensure_free(target, force=force, keep=[path])
    require_columns(plan, path)
    content = {
        "schema": SCHEMA,
        "relsurvey": __version__,
        "locked": today(),
        "plan_sha256": _digest(plan.model_dump(mode="json")),
        "plan": plan.model_dump(mode="json"),
        "instruments": instruments_of(plan, path.parent),
        "files": files_of(plan, path.parent),
        "earlier": earlier,
    }
    content["fingerprint"] = _digest(content)
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    with written_whole(target) as temporary:
        temporary.write_text(text, encoding="utf-8")
    return read_lock(target)


def _earlier(target: Path, *, force: bool) -> list[dict[str, str]]:
    """Return what to remember of the lock that is there, or refuse to replace it."""
    if not target.is_file():
        return []
    if not force:
        when = ""
        with contextlib.suppress(StudyError):
            when = f", locked on {read_lock(target).locked}"
        raise OutputError(
            f"{target} is already there{when}; it is kept as it is.",
            hint="A plan is locked once. To lock another one in its place, give --force; the new "
            "lock says when the first one was made.",
        )
    before = read_lock(target)
    return [*before.earlier, {"locked": before.locked, "fingerprint": before.fingerprint}]


def surveys_of(plan: StudyPlan) -> tuple[str, ...]:
    """Return the keys of the surveys that a plan has, in the order in which they are read."""
    return tuple(survey for survey in SURVEYS if getattr(plan, survey) is not None)


def instruments_of(plan: StudyPlan, folder: Path) -> dict[str, dict[str, str]]:
    """Return ``id, version, sha256`` of the instrument of each survey."""
    found = {survey: instrument_of(getattr(plan, survey), folder) for survey in surveys_of(plan)}
    return {
        survey: {"id": one.id, "version": one.version, "sha256": one.digest}
        for survey, one in found.items()
    }


def files_of(plan: StudyPlan, folder: Path) -> dict[str, dict[str, str | None]]:
    """Return ``name, sha256`` of each file that the plan names, by key."""
    named = {
        f"{survey}.{key}": getattr(getattr(plan, survey), key)
        for survey in surveys_of(plan)
        for key in ("file", *COMPANIONS)
    }
    return {
        key: {"name": Path(name).name, "sha256": _digest_of_file(folder / name)}
        for key, name in named.items()
        if isinstance(name, str)
    }


def _digest_of_file(path: Path) -> str | None:
    try:
        return sha256_of(path) if path.is_file() else None
    except (OSError, ValueError) as problem:
        raise StudyError(f"{path.name} cannot be read: {problem}.") from problem


def read_lock(path: str | Path) -> Lock:
    """Read a lock file.

    Raises
    ------
    StudyError
        Where it is not a lock file, cannot be read, or a later version of this package wrote it
        in a way that this one does not know. One that was changed by hand is read; it is not
        ``intact``.
    """
    path = Path(path)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        schema = content["schema"]
        if schema == SCHEMA:
            return _lock_of(path, content)
    except OSError as problem:
        raise StudyError(f"{path} cannot be read: {problem.strerror}.") from problem
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        raise StudyError(
            f"{path.name} is not a lock that relsurvey wrote, or not a whole one.",
            hint="Put the file back as it was locked; or move it away, and the report says that "
            "no plan was locked.",
        ) from problem
    raise StudyError(
        f"{path.name} was written by relsurvey {content.get('relsurvey', '(unknown)')} in a form "
        f"({schema!r}) that this version, {__version__}, does not know.",
        hint="Use the version that locked the plan, or a later one.",
    )


def _lock_of(path: Path, content: Mapping[str, Any]) -> Lock:
    without = {key: value for key, value in content.items() if key != "fingerprint"}
    intact = (
        _digest(without) == content["fingerprint"]
        and _digest(content["plan"]) == content["plan_sha256"]
    )
    return Lock(
        path=path,
        locked=str(content["locked"]),
        plan=dict(content["plan"]),
        instruments={str(k): dict(v) for k, v in content["instruments"].items()},
        files={str(k): dict(v) for k, v in content["files"].items()},
        fingerprint=str(content["fingerprint"]),
        intact=intact,
        earlier=tuple(dict(one) for one in content["earlier"]),
        relsurvey=str(content["relsurvey"]),
    )


def _digest(content: object) -> str:
    """Return the SHA-256 of values, whatever order their keys stand in."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def flat(plan: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """Yield every key of a plan with its value as a text; what is not given is left out.

    Examples
    --------
    >>> list(flat({"alpha": 0.05, "primary": {"predictor": "RC", "covariates": []}}))
    [('alpha', '0.05'), ('primary.predictor', 'RC')]
    """
    for key, value in plan.items():
        name = f"{above}.{key}" if above else str(key)
        if isinstance(value, Mapping):
            yield from flat(value, name)
        elif value not in (None, []):
            yield name, _spoken(value)


def _spoken(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(map(_spoken, value))
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_spoken(one)}" for key, one in value.items() if one)
    return str(value).lower() if isinstance(value, bool) else str(value)


def as_known_now(plan: Mapping[str, Any]) -> dict[str, Any]:
    """Return a locked plan with the defaults of keys that came after it was locked."""
    try:
        return StudyPlan.model_validate(dict(plan)).model_dump(mode="json")
    except ValidationError:  # a key that is no longer there: as it stands
        return dict(plan)
