"""Read the export of a survey as the study file says, wherever that is needed."""

from __future__ import annotations

from pathlib import Path

from relsurvey.intake import Responses, read_responses
from relsurvey.study.plan import SurveyFile, TeamSurvey, instrument_of

__all__ = ["read_survey"]


def read_survey(survey: SurveyFile | TeamSurvey, folder: Path) -> Responses:
    """Read the export of one survey as the study file says."""
    columns = folder / survey.columns if isinstance(survey.columns, str) else survey.columns
    return read_responses(
        folder / survey.file,
        instrument_of(survey, folder),
        id=survey.id,
        worker=None if isinstance(survey, TeamSurvey) else survey.worker,
        team=survey.team,
        wave=None if isinstance(survey, TeamSurvey) else survey.wave,
        platform=survey.platform,
        columns=columns,
        wording=None if survey.wording is None else folder / survey.wording,
        dictionary=None if survey.dictionary is None else folder / survey.dictionary,
        unknown=survey.unknown,
    )
