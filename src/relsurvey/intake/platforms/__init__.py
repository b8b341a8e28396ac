"""The platforms, one module each, in the order in which a file is tried.

A platform's module has a function that recognises a table by its first rows, one that makes an
`Export` of it, and a `Platform` that names both. The more telling a sign is, the earlier the
platform stands here; files that say nothing of themselves are plain tables.
"""

from relsurvey.intake.export import Platform
from relsurvey.intake.platforms.alchemer import ALCHEMER
from relsurvey.intake.platforms.googleforms import GOOGLEFORMS
from relsurvey.intake.platforms.jisc import JISC
from relsurvey.intake.platforms.kobo import KOBO
from relsurvey.intake.platforms.limesurvey import LIMESURVEY
from relsurvey.intake.platforms.msforms import MSFORMS
from relsurvey.intake.platforms.qualtrics import QUALTRICS
from relsurvey.intake.platforms.redcap import REDCAP
from relsurvey.intake.platforms.spss import SPSS, STATA
from relsurvey.intake.platforms.surveymonkey import SURVEYMONKEY
from relsurvey.intake.platforms.surveyxact import SURVEYXACT

__all__ = ["KINDS", "PLATFORMS"]

_IN_ORDER: tuple[Platform, ...] = (
    QUALTRICS,
    REDCAP,
    LIMESURVEY,
    JISC,
    SURVEYXACT,
    KOBO,
    MSFORMS,
    GOOGLEFORMS,
    SURVEYMONKEY,
    ALCHEMER,
    SPSS,
    STATA,
)

PLATFORMS = {one.name: one for one in _IN_ORDER}

# A table as it stands, by the kind of file.
KINDS = {"csv": "text", "xlsx": "workbook", "parquet": "parquet"}
