"""Which files of a results folder a run wrote, and which are somebody's own."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from relsurvey.errors import OutputError
from relsurvey.files import sha256_of
from relsurvey.study.manifest import PARTS, read_manifest
from relsurvey.text import counted

__all__ = ["foreign_files", "outputs_of", "refuse_clashes"]


def outputs_of(folder: Path) -> dict[str, str]:
    """Return the files of an earlier run and their hashes; none where there was no run."""
    try:
        return read_manifest(folder).outputs
    except OutputError:
        return {}


def foreign_files(folder: Path) -> list[Path]:
    """Return what in the parts of the results is somebody's own: files, links, empty folders."""
    own = _own_files(folder)
    found = []
    for path in sorted(path for part in PARTS for path in (folder / part).rglob("*")):
        is_folder = path.is_dir() and not path.is_symlink()
        if path not in own and not (is_folder and any(path.iterdir())):
            found.append(path)
    return found


def _own_files(folder: Path) -> set[Path]:
    """Return the files of an earlier run that nobody has changed since."""
    named = {folder / name: digest for name, digest in outputs_of(folder).items()}
    return {path for path, digest in named.items() if path.is_file() and sha256_of(path) == digest}


def refuse_clashes(files: Iterable[Path]) -> None:
    """Refuse to replace what is not a run's own: somebody else's, or edited since."""
    named = sorted(map(str, files))
    if named:
        raise OutputError(
            f"{counted(len(named), 'file')} would be replaced, and relsurvey did not write what is "
            "in there; nothing was changed.",
            hint="Within results, --force replaces only what relsurvey wrote and nobody has edited "
            "since. Move away what you want to keep, or choose another folder with --out.",
            failures=[{"file": name} for name in named],
        )
