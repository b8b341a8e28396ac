"""What a results folder is made of and from, as hashes, so that anybody can check that it still is.

``manifest.json`` stands beside ``shareable/`` and ``restricted/``. It names files and versions
and holds no count of people. It is not to be sent with ``shareable/``, and says so: the hash of a
small file lets a guess about it be checked.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from relsurvey.errors import OutputError, listed
from relsurvey.files import sha256_of, written_whole
from relsurvey.version import __version__

__all__ = [
    "MANIFEST",
    "PARTS",
    "RESTRICTED",
    "SHAREABLE",
    "Definition",
    "Manifest",
    "NamedFile",
    "hashes_in",
    "note_outputs",
    "read_manifest",
    "written",
]

MANIFEST = "manifest.json"
SHAREABLE = "shareable"
RESTRICTED = "restricted"
PARTS = (SHAREABLE, RESTRICTED)
SCHEMA = 1
SHARING = (
    "Not to be sent. It holds hashes of the exports and of files in restricted/: whoever guesses "
    "what is in a small one could see from its hash that it is right. Send shareable/ only."
)


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True, populate_by_name=True)


class NamedFile(_Part):
    """A file by its name and its SHA-256."""

    file: str
    sha256: str


class Definition(_Part):
    """An instrument by id, version and the SHA-256 of its definition."""

    id: str
    version: str
    sha256: str


class Manifest(_Part):
    """What was read and written by a run.

    Attributes
    ----------
    schema_number : int
        How this file is laid out.
    sharing : str
        That it stays with ``restricted/``, and why.
    relsurvey : str
        The version that wrote it.
    study : NamedFile or None
        The study file, relative to the results folder; ``None`` where the run had none.
    lock : NamedFile or None
        The lock beside it, where a plan was locked.
    inputs : dict of str to NamedFile
        Every file that the plan names, by its key ("workers.file"); names only.
    definitions : dict of str to Definition
        The instruments of "workers" and "service_users".
    software : dict of str to str
        Versions.
    seed : int
        For everything drawn at random.
    command : str
        What was asked for, with file names only.
    ids : {"pseudonyms", "as they are"}
        How ids of people stand in ``restricted/``.
    key : str or None
        A mark by which the key of the pseudonyms is known again.
    created : str
        The date that the reports bear (ISO).
    started, ended : str
        When the run began and when its files were complete (ISO, UTC): all that may differ
        between two runs of the same.
    outputs : dict of str to str
        SHA-256 of every file in ``shareable/`` and ``restricted/``.
    later : tuple of str
        Those of them that were written after the run, as by ``relsurvey report``.
    """

    schema_number: int = Field(SCHEMA, alias="schema")
    sharing: str = SHARING
    relsurvey: str
    study: NamedFile | None
    lock: NamedFile | None
    inputs: dict[str, NamedFile]
    definitions: dict[str, Definition]
    software: dict[str, str]
    seed: int
    command: str
    ids: Literal["pseudonyms", "as they are"]
    key: str | None
    created: str
    started: str
    ended: str
    outputs: dict[str, str]
    later: list[str] = []

    @property
    def other_version(self) -> str:
        """What to know where another version of this package wrote it; empty otherwise."""
        if self.relsurvey == __version__:
            return ""
        return (
            f"These results were made by relsurvey {self.relsurvey}; this is {__version__}, "
            "which may word or compute some things in another way."
        )


def hashes_in(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file in ``shareable/`` and ``restricted/``, by its path."""
    return {
        path.relative_to(folder).as_posix(): sha256_of(path)
        for part in PARTS
        for path in sorted((folder / part).rglob("*"))
        if path.is_file()
    }


def written(manifest: Manifest) -> str:
    """Return a manifest as the text of its file."""
    return manifest.model_dump_json(indent=2, by_alias=True) + "\n"


def read_manifest(folder: str | Path) -> Manifest:
    """Read what a results folder is made of.

    Parameters
    ----------
    folder : str or pathlib.Path
        The results folder.

    Returns
    -------
    Manifest
        Where another version of this package wrote it, ``other_version`` says so.

    Raises
    ------
    OutputError
        Where there is none, it is not one, or a later version wrote it in a way that this one
        does not know.
    """
    path = Path(folder) / MANIFEST
    if not Path(folder).is_dir():
        raise OutputError(
            f"There is no folder {folder}.", hint="Name the folder that relsurvey run wrote."
        )
    try:
        text = path.read_text(encoding="utf-8")
        schema = _Head.model_validate_json(text)
        if schema.schema_number == SCHEMA:
            return Manifest.model_validate_json(text)
    except FileNotFoundError as problem:
        raise OutputError(
            f"{folder} has no {MANIFEST}: relsurvey run did not write it, or a version before "
            "there were manifests did.",
            hint="Name the folder that holds shareable/ and restricted/, or run the study again.",
        ) from problem
    except OSError as problem:
        raise OutputError(f"{path} cannot be read: {problem.strerror}.") from problem
    except (ValidationError, ValueError) as problem:
        raise OutputError(
            f"{path} is not a manifest that relsurvey wrote, or not a whole one.",
            hint="Run the study again, into another folder.",
        ) from problem
    raise OutputError(
        f"{path} was written by relsurvey {schema.relsurvey} in a form "
        f"({schema.schema_number}) that this version, {__version__}, does not know.",
        hint="Use the version that made these results, or a later one.",
    )


class _Head(_Part):
    schema_number: int = Field(alias="schema")
    relsurvey: str


def note_outputs(folder: str | Path, paths: Iterable[str | Path]) -> Manifest:
    """Enter files that were written after the run, such as a report for another reader.

    Parameters
    ----------
    folder : str or pathlib.Path
        The results folder.
    paths : iterable of str or pathlib.Path
        Files in its ``shareable/`` or ``restricted/``, whole already; one that is entered gets
        its new hash.

    Returns
    -------
    Manifest
        As it is now; the file is replaced whole or not at all.

    Raises
    ------
    OutputError
        Where there is no manifest that can be read, a file is not there or not in one of the two
        folders, or the manifest cannot be written.
    """
    folder = Path(folder)
    manifest = read_manifest(folder)
    added = {_inside(folder, Path(path)): Path(path) for path in paths}
    hashes = {name: sha256_of(path) for name, path in added.items()}
    changed = manifest.model_copy(
        update={
            "outputs": dict(sorted({**manifest.outputs, **hashes}.items())),
            "later": sorted({*manifest.later, *hashes}),
        }
    )
    with written_whole(folder / MANIFEST) as temporary:
        temporary.write_text(written(changed), encoding="utf-8")
    return changed


def _inside(folder: Path, path: Path) -> str:
    """Return where a file stands in a results folder."""
    root = folder.resolve()
    for part in PARTS:
        if path.is_file() and path.resolve().is_relative_to(root / part):
            return path.resolve().relative_to(root).as_posix()
    raise OutputError(
        f"{path} is no file in {listed(PARTS)} of {folder}; it is not entered in the manifest."
    )
