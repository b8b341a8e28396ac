"""Where the files that come with the package are: instrument definitions and sample data."""

from __future__ import annotations

from pathlib import Path

__all__ = ["shipped", "study_template"]

_PACKAGE = Path(__file__).resolve().parent
_IN_WHEEL = _PACKAGE / "_data"
_IN_CHECKOUT = _PACKAGE.parents[1]
_CHECKOUT_FOLDERS = {"instruments": "instruments", "sample": "data/sample"}


def shipped(name: str) -> Path:
    """Return the folder of shipped files called ``name``.

    Parameters
    ----------
    name : {"instruments", "sample"}
        Which folder.

    Returns
    -------
    pathlib.Path
        In an installed wheel, a folder inside the package; in a checkout, the folder at its top.

    Examples
    --------
    >>> (shipped("instruments") / "rpq-16.yaml").is_file()
    True
    """
    packaged = _IN_WHEEL / name
    return packaged if packaged.is_dir() else _IN_CHECKOUT / _CHECKOUT_FOLDERS[name]


def study_template() -> str:
    """Return the text of the commented study file that a new study starts from.

    Examples
    --------
    >>> study_template().splitlines()[0][:24]
    '# A relsurvey study file'
    """
    return (_PACKAGE / "study" / "template.yaml").read_text(encoding="utf-8")
