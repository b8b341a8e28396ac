"""Ways of estimation, by name; each is loaded when it is asked for."""

from __future__ import annotations

import importlib

from relsurvey.errors import ModelError
from relsurvey.options import require_choice
from relsurvey.psychometrics.structure.estimators.protocol import (
    Estimator,
    Options,
    Point,
    SampleMoments,
    Test,
)

__all__ = [
    "ESTIMATORS",
    "Estimator",
    "Options",
    "Point",
    "SampleMoments",
    "Test",
    "estimator_class",
]

# Name: module of this folder. The class in it is named as the estimator.
ESTIMATORS = {"ML": "ml", "FIML": "fiml", "WLSMV": "wlsmv"}


def require_estimator(name: object) -> None:
    """Refuse what is the name of no estimator."""
    require_choice("estimator", name, tuple(ESTIMATORS), ModelError)


def estimator_class(name: str) -> type[Estimator]:
    """Return the class of an estimator.

    Raises
    ------
    ModelError
        Where there is none of that name.

    Examples
    --------
    >>> estimator_class("ML").name
    'ML'
    """
    require_estimator(name)
    module = importlib.import_module(f"{__name__}.{ESTIMATORS[name]}")
    found: type[Estimator] = getattr(module, name)
    return found
