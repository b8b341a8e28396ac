"""Write an instrument in a format, whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from relsurvey.errors import InstrumentError
from relsurvey.forms.files import write_all
from relsurvey.forms.form import Form, form_of, forms_of
from relsurvey.forms.formats import Format, find_format
from relsurvey.forms.remarks import (
    braces_left,
    left_at_default,
    other_languages,
    supplied_wording,
    with_supplied_wording,
)
from relsurvey.instruments import Instrument, WordingPack, load_instrument, with_wording
from relsurvey.results import Result

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Exported", "export_instrument"]


@dataclass(frozen=True)
class Exported(Result):
    """What was written.

    Attributes
    ----------
    instrument, version, format : str
        What, and in which format.
    languages : tuple of str
        Language tags; the first is the default.
    files : tuple of pathlib.Path
        The files, in the order they were made.
    remarks : tuple of str
        What the format could not say or had to say otherwise, one sentence or two each.
    """

    instrument: str
    version: str
    format: str
    languages: tuple[str, ...]
    files: tuple[Path, ...]
    remarks: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """Return one row a file: ``file, bytes``."""
        import pandas as pd

        sizes = [path.stat().st_size for path in self.files]
        return pd.DataFrame({"file": [str(path) for path in self.files], "bytes": sizes})

    def summary(self) -> str:
        """Say what was written, and what to know of it."""
        made = f"{self.instrument} {self.version} as {self.format}, in {', '.join(self.languages)}:"
        lines = [made, *(f"  {path}" for path in self.files)]
        return "\n".join([*lines, *(f"- {remark}" for remark in self.remarks)])


def export_instrument(
    instrument: str | os.PathLike[str] | Instrument,
    format: str,  # noqa: A002 - the public name of what is asked for
    out: str | os.PathLike[str] | None = None,
    *,
    wording: str | os.PathLike[str] | WordingPack | None = None,
    locale: str | Iterable[str] | None = None,
    fillings: Mapping[str, str] | None = None,
    force: bool = False,
) -> Exported:
    """Write an instrument as a file that a platform, an archive or a printer takes.

    Codes are those of the definition, and a reverse-keyed item is not reversed: what people see
    and what they answer stay as they are, scoring does the rest.

    Parameters
    ----------
    instrument : str, path or Instrument
        An id, a YAML file of your own, or a loaded instrument.
    format : str
        One of `FORMATS`.
    out : str or path, optional
        For one file: the file, or a folder that exists. For several: their folder, made if it
        is not there. By default a name made of the instrument's id, in the working folder.
    wording : str, path or WordingPack, optional
        Wording you hold, for an instrument that ships none.
    locale : str or iterable of str, optional
        The languages, the first being the default one. If not given: all of the instrument's
        where the format holds several, else its first.
    fillings : mapping of str to str, optional
        What to put in place of a placeholder, where not its default.
    force : bool
        Whether files that are there may be replaced. The definition and the wording pack never
        are.

    Returns
    -------
    Exported
        The files and what to know of them.

    Raises
    ------
    InstrumentError
        Where a wording or label is missing, or the format cannot hold what is asked.
    OutputError
        Where there is no such format, or the place cannot be written to; then nothing is.

    Examples
    --------
    >>> import tempfile
    >>> from relsurvey.forms import export_instrument
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     done = export_instrument("peech-sc", "redcap", folder)
    >>> [path.name for path in done.files], done.languages
    (['peech-sc-redcap.csv'], ('en-GB',))
    """
    chosen = find_format(format)
    loaded = load_instrument(instrument)
    inputs = [loaded.path] if loaded.path else []
    if wording is not None:
        inputs.append(wording.path if isinstance(wording, WordingPack) else Path(wording))
        loaded = with_supplied_wording(with_wording(loaded, wording))
    forms = _forms(loaded, chosen, locale, fillings)
    content = chosen.write(forms)
    files = write_all(
        content,
        None if out is None else Path(out),
        folder=f"{loaded.id}-{chosen.name}",
        suffix=chosen.suffix,
        force=force,
        keep=inputs,
    )
    languages = tuple(form.locale for form in forms)
    told = (
        *((supplied_wording(),) if wording is not None else ()),
        *(() if locale or chosen.several_languages else other_languages(forms[0])),
        *braces_left(forms),
        *left_at_default(loaded, fillings or {}),
        *chosen.remarks(forms),
    )
    return Exported(loaded.id, loaded.version, chosen.name, languages, files, told)


def _forms(
    instrument: Instrument,
    chosen: Format,
    locale: str | Iterable[str] | None,
    fillings: Mapping[str, str] | None,
) -> Sequence[Form]:
    wanted = (locale,) if isinstance(locale, str) else tuple(locale or ())
    if len(wanted) > 1 and not chosen.several_languages and not chosen.suffix:
        raise InstrumentError(
            f"{chosen.title} files hold one language; {len(wanted)} were named.",
            hint="Name one, and write the others to folders of their own.",
        )
    if wanted or chosen.several_languages:
        return _told_of_others(instrument, wanted, fillings)
    return (form_of(instrument, fillings=fillings),)


def _told_of_others(
    instrument: Instrument, wanted: tuple[str, ...], fillings: Mapping[str, str] | None
) -> Sequence[Form]:
    """Make the forms; where a language nobody asked for has holes, say how to leave it out."""
    try:
        return forms_of(instrument, wanted, fillings)
    except InstrumentError as problem:
        whole = [] if wanted else [tag for tag in instrument.languages if _whole(instrument, tag)]
        if not whole:
            raise
        raise InstrumentError(
            problem.message,
            hint=f"Name the languages you want (--locale {' --locale '.join(whole)}), or supply "
            "what is missing.",
            failures=problem.failure_rows,
        ) from None


def _whole(instrument: Instrument, tag: str) -> bool:
    try:
        form_of(instrument, tag)
    except InstrumentError:
        return False
    return True
