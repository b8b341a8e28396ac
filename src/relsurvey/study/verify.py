"""Whether results are still what the study gives: hashes first, then the whole run once more."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from relsurvey.errors import OutputError, RelSurveyError, StudyError
from relsurvey.files import sha256_of
from relsurvey.pseudonyms import KEY_NAME, key_mark, read_key
from relsurvey.results import Drawn
from relsurvey.study.lock import files_of, instruments_of, lock_path
from relsurvey.study.manifest import Manifest, hashes_in, read_manifest
from relsurvey.study.plan import load_plan
from relsurvey.study.provenance import software_here
from relsurvey.study.run import run_study
from relsurvey.text import aligned, counted, wrapped

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Verification", "verify_results"]

SAME = "same"
HASHING = "Files"
LOCKED_SINCE = (
    "The plan was locked after these results were written: their reports say that none was, and a "
    "new run would say that it is. No figure is another for that."
)


@dataclass(frozen=True)
class Checked:
    """One thing that was checked.

    Attributes
    ----------
    kind : {"study file", "lock", "input", "definition", "output"}
        What it is.
    name : str
        Its name, or where it stands in the results folder.
    status : str
        "same", or what is not: "changed", "missing", "added", "edited", "differs when run again".
    """

    kind: str
    name: str
    status: str


@dataclass(frozen=True)
class Verification(Drawn):
    """What a check of results found.

    Attributes
    ----------
    folder : pathlib.Path
        The results.
    checks : tuple of Checked
        Every file and definition.
    rerun : bool
        Whether the study was run again; otherwise only hashes were compared.
    notes : tuple of str
        What a reader has to know, other versions first.
    """

    _figure: ClassVar[str] = "plot_verification"

    folder: Path
    checks: tuple[Checked, ...]
    rerun: bool
    notes: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether everything is as it was."""
        return all(one.status == SAME for one in self.checks)

    def to_frame(self) -> pd.DataFrame:
        """Return what was checked, one row each: ``kind, name, status``."""
        import pandas as pd

        rows = [(one.kind, one.name, one.status) for one in self.checks]
        return pd.DataFrame(rows, columns=["kind", "name", "status"])

    def summary(self) -> str:
        """Return one line where all is the same, and otherwise what is not, file by file."""
        notes = [line for note in self.notes for line in wrapped(note)]
        return "\n".join([*notes, *self._verdict()])

    def _verdict(self) -> list[str]:
        outputs = sum(one.kind == "output" for one in self.checks)
        how = "when the study is run again" if self.rerun else "by their hashes; nothing was run"
        if self.same:
            return wrapped(
                f"{self.folder}: the study file, the inputs, the definitions and all "
                f"{counted(outputs, 'output file')} are the same {how}."
            )
        others = [one for one in self.checks if one.status != SAME]
        rows = [{"what": one.kind, "name": one.name, "status": one.status} for one in others]
        verb = "is" if len(others) == 1 else "are"
        return [
            *wrapped(
                f"{self.folder}: {len(others)} of {len(self.checks)} checked {verb} not as "
                f"the manifest says; the others are the same {how}."
            ),
            "",
            *aligned(rows, left=("what", "name", "status")),
        ]


def verify_results(
    folder: str | Path,
    *,
    study: str | Path | None = None,
    key: str | Path | None = None,
    quick: bool = False,
    jobs: int = 1,
    progress: Callable[[str], None] | None = None,
) -> Verification:
    """Check results against their manifest, and against the study run once more.

    Parameters
    ----------
    folder : str or pathlib.Path
        The results folder.
    study : str or pathlib.Path, optional
        The study file; where the manifest says it is if not given.
    key : str or pathlib.Path, optional
        The key file of the pseudonyms; ``relsurvey.key`` beside the results if not given.
    quick : bool
        Whether only hashes are compared.
    jobs : int, default 1
        As for ``run_study``.
    progress : callable, optional
        Called with the name of each step as it begins.

    Returns
    -------
    Verification
        What is the same and what is not. Where inputs, definitions or the study file changed,
        nothing is run again: it would say no more.

    Raises
    ------
    OutputError
        Where the folder holds no results that can be read, or there is not the key that the run
        used.
    StudyError
        Where the study file is not there or cannot be read.

    Notes
    -----
    The run is repeated with the same date, command and key, into a folder that is deleted after
    it. Its files are compared byte for byte; only the manifest's own times may differ.

    Examples
    --------
    >>> import tempfile
    >>> verify_results(tempfile.gettempdir() + "/nothing-here")
    Traceback (most recent call last):
    relsurvey.errors.OutputError: There is no folder ...nothing-here.
    Name the folder that relsurvey run wrote.
    """
    folder = Path(folder)
    tell = progress or (lambda _: None)
    tell(HASHING)
    manifest = read_manifest(folder)
    path = _study_of(folder, manifest, study)
    checks = [*_sources(path, manifest), *_outputs(folder, manifest)]
    notes = [*_versions(manifest), *filter(None, [manifest.other_version])]
    moved = [one for one in checks if one.kind != "output" and one.status != SAME]
    rerun = not quick and not moved
    if any(one.kind == "lock" and one.status == "added" for one in moved):
        notes.append(LOCKED_SINCE)
    if moved and not quick:
        notes.append("Not run again: what the results rest on is not what it was.")
    if rerun:
        secret = _key_of(folder, manifest, key)
        again = _run_again(path, folder, manifest, secret, jobs, progress)
        checks = [_compared(one, again, manifest) for one in checks]
    return Verification(folder=folder, checks=tuple(checks), rerun=rerun, notes=tuple(notes))


def _study_of(folder: Path, manifest: Manifest, study: str | Path | None) -> Path:
    if study is None and manifest.study is None:
        raise StudyError("The manifest names no study file.", hint="Name it with --study.")
    named = "" if manifest.study is None else manifest.study.file
    path = folder / named if study is None else Path(study)
    if not path.is_file():
        raise StudyError(
            f"The study file {path} is not there.",
            hint="Name it with --study; its exports have to be where it says.",
        )
    return path


def _sources(path: Path, manifest: Manifest) -> Iterator[Checked]:
    """Hold the study file, the lock, the inputs and the definitions against their hashes."""
    then = manifest.study
    yield _hashed("study file", path, path.name, None if then is None else then.sha256)
    yield from _lock(path, manifest)
    try:
        plan = load_plan(path, answered=False)
        inputs = {name: one["sha256"] for name, one in files_of(plan, path.parent).items()}
        definitions = {
            survey: one["sha256"] for survey, one in instruments_of(plan, path.parent).items()
        }
    except RelSurveyError:
        if then is None or sha256_of(path) == then.sha256:
            raise  # not the fault of a study file that changed
        return
    for name, one in manifest.inputs.items():
        yield Checked("input", f"{one.file} ({name})", _status(inputs.get(name), one.sha256))
    for survey, definition in manifest.definitions.items():
        status = _status(definitions.get(survey), definition.sha256)
        yield Checked("definition", f"{definition.id} {definition.version}", status)


def _lock(path: Path, manifest: Manifest) -> Iterator[Checked]:
    lock = lock_path(path)
    if manifest.lock is not None:
        yield _hashed("lock", lock, lock.name, manifest.lock.sha256)
    elif lock.exists():
        yield Checked("lock", lock.name, "added")


def _hashed(kind: str, path: Path, name: str, then: str | None) -> Checked:
    return Checked(kind, name, _status(sha256_of(path) if path.is_file() else None, then))


def _status(now: str | None, then: str | None) -> str:
    if now is None:
        return "missing"
    return SAME if now == then else "changed"


def _outputs(folder: Path, manifest: Manifest) -> Iterator[Checked]:
    """Hold the files that are there against those that were written."""
    there = hashes_in(folder)
    for name, digest in manifest.outputs.items():
        found = there.get(name)
        status = "missing" if found is None else SAME if found == digest else "edited"
        yield Checked("output", name, status)
    for name in there:
        if name not in manifest.outputs:
            yield Checked("output", name, "added")


def _versions(manifest: Manifest) -> Iterator[str]:
    """Name the libraries that are not as they were, in the order in which figures rest on them."""
    now = software_here()
    other = [
        f"{name} {now.get(name, 'nowhere')} (then {version})"
        for name, version in manifest.software.items()
        if now.get(name) != version
    ]
    if other:
        yield f"Other versions than those of the run: {', '.join(other)}."


def _key_of(folder: Path, manifest: Manifest, key: str | Path | None) -> Path | None:
    """Return the key file that the run used; none where ids are written as they are."""
    if manifest.key is None:
        return None
    path = folder.parent / KEY_NAME if key is None else Path(key)
    if key_mark(read_key(path)) != manifest.key:
        raise OutputError(
            f"{path} is another key than the one these results were written with.",
            hint="Name that one with --key, or give --quick to compare hashes only.",
        )
    return path


def _run_again(
    path: Path,
    folder: Path,
    manifest: Manifest,
    key: Path | None,
    jobs: int,
    progress: Callable[[str], None] | None,
) -> Mapping[str, str]:
    """Run the study into a folder that goes away, and return the hashes of what it wrote."""
    with tempfile.TemporaryDirectory(prefix="relsurvey-verify-") as place:
        out = Path(place) / folder.resolve().name
        run_study(
            path,
            out,
            keep_ids=key is None,
            key=key,
            command=manifest.command,
            created=manifest.created,
            jobs=jobs,
            progress=progress,
        )
        return hashes_in(out)


def _compared(one: Checked, again: Mapping[str, str], manifest: Manifest) -> Checked:
    """Say of an output whether the run made it anew with the same bytes."""
    written = one.kind == "output" and one.name in manifest.outputs
    if not written or one.name in manifest.later or one.status != SAME:
        return one
    if again.get(one.name) == manifest.outputs[one.name]:
        return one
    status = "differs" if one.name in again else "is not made"
    return Checked(one.kind, one.name, f"{status} when run again")
