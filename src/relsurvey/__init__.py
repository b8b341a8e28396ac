"""Score reflective practice and relational care, link the two, and test whether they go together.

The names below are loaded when they are first used, so that importing the package, or asking
the command line for help, costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from relsurvey.adaptation import compare_instruments as compare_instruments
    from relsurvey.adaptation import content_validity as content_validity
    from relsurvey.adaptation import readability as readability
    from relsurvey.association import (
        AssociationResult as AssociationResult,
    )
    from relsurvey.association import (
        MixedResult as MixedResult,
    )
    from relsurvey.association import (
        associate as associate,
    )
    from relsurvey.association import (
        fit_mixed as fit_mixed,
    )
    from relsurvey.forms import export_instrument as export_instrument
    from relsurvey.instruments import (
        Instrument as Instrument,
    )
    from relsurvey.instruments import (
        list_instruments as list_instruments,
    )
    from relsurvey.instruments import (
        load_instrument as load_instrument,
    )
    from relsurvey.intake import ColumnDraft as ColumnDraft
    from relsurvey.intake import Responses as Responses
    from relsurvey.intake import draft_columns as draft_columns
    from relsurvey.intake import read_responses as read_responses
    from relsurvey.linkage import Linked as Linked
    from relsurvey.linkage import link as link
    from relsurvey.planning import simulate_study as simulate_study
    from relsurvey.psychometrics import (
        ItemResult as ItemResult,
    )
    from relsurvey.psychometrics import (
        ReliabilityResult as ReliabilityResult,
    )
    from relsurvey.psychometrics import (
        item_analysis as item_analysis,
    )
    from relsurvey.psychometrics import (
        reliability as reliability,
    )
    from relsurvey.reporting import write_report as write_report
    from relsurvey.scoring import score as score
    from relsurvey.study import StudyResult as StudyResult
    from relsurvey.study import run_study as run_study

__version__ = "0.1.0"

_HOME = {
    "AssociationResult": "association",
    "ColumnDraft": "intake",
    "Instrument": "instruments",
    "InstrumentError": "errors",
    "IntakeError": "errors",
    "ItemResult": "psychometrics",
    "LinkError": "errors",
    "Linked": "linkage",
    "MixedResult": "association",
    "ModelError": "errors",
    "OutputError": "errors",
    "RelSurveyError": "errors",
    "ReliabilityResult": "psychometrics",
    "ReportError": "errors",
    "Responses": "intake",
    "ScoringError": "errors",
    "StudyError": "errors",
    "StudyResult": "study",
    "associate": "association",
    "compare_instruments": "adaptation",
    "content_validity": "adaptation",
    "draft_columns": "intake",
    "export_instrument": "forms",
    "fit_mixed": "association",
    "item_analysis": "psychometrics",
    "link": "linkage",
    "list_instruments": "instruments",
    "load_instrument": "instruments",
    "read_responses": "intake",
    "readability": "adaptation",
    "reliability": "psychometrics",
    "run_study": "study",
    "score": "scoring",
    "simulate_study": "planning",
    "write_report": "reporting",
}

__all__ = [*sorted(_HOME), "__version__"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'relsurvey' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"relsurvey.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
