"""Names of a package that are loaded when they are first used (PEP 562)."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from typing import Any

__all__ = ["names_of", "taken_from"]


def taken_from(package: str, homes: Mapping[str, str], name: str) -> Any:
    """Load a name of a package from the module that it lives in, and keep it there.

    Parameters
    ----------
    package : str
        The package's ``__name__``.
    homes : mapping of str to str
        The module of each name, relative to the package.
    name : str
        What somebody asks for.

    Raises
    ------
    AttributeError
        Where the package has no such name.

    Examples
    --------
    >>> taken_from("relsurvey", {"load_plan": "study.plan"}, "load_plan").__module__
    'relsurvey.study.plan'
    """
    if name not in homes:
        raise AttributeError(f"module {package!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{package}.{homes[name]}"), name)
    setattr(sys.modules[package], name, value)
    return value


def names_of(package: str, homes: Mapping[str, str]) -> list[str]:
    """Return what ``dir`` says of such a package."""
    return sorted({*vars(sys.modules[package]), *homes})
