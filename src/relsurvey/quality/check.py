"""Check the quality of answers: respondents, items, gaps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from relsurvey.criteria import Reading, missing_answers
from relsurvey.faults import Faults
from relsurvey.instruments import InstrumentLike
from relsurvey.moments.patterns import PatternMoments, pattern_moments, pattern_table
from relsurvey.moments.saturated import SaturatedMoments, saturated_moments
from relsurvey.options import require_flag
from relsurvey.quality.attention import AttentionItems, require_attention
from relsurvey.quality.distance import distances, telling_items
from relsurvey.quality.ends import score_ends, score_readings
from relsurvey.quality.flags import FEWEST_ANSWERS, judged
from relsurvey.quality.items import item_table
from relsurvey.quality.missing import McarResult, mcar_test
from relsurvey.quality.respondents import measured
from relsurvey.quality.result import QualityResult
from relsurvey.quality.rules import chosen_rules, thresholds_of
from relsurvey.quality.sheet import AnswerSheet, sheet_of
from relsurvey.scoring.items import ScaleChoice
from relsurvey.small_groups import USUAL_THRESHOLD
from relsurvey.text import counted

__all__ = ["check_quality"]

FEW = 100


def check_quality(
    data: Any,
    instrument: InstrumentLike | None = None,
    *,
    scales: ScaleChoice | None = None,
    attention: AttentionItems | None = None,
    thresholds: Mapping[str, float] | None = None,
    contradicting: bool = True,
    exclude: Iterable[str] = (),
) -> QualityResult:
    """Check how far the answers of a survey can be trusted. Nobody is dropped for a flag.

    Parameters
    ----------
    data : Responses, or a pandas, Polars (eager or lazy) or PyArrow frame
        One row a respondent; items as answered where there is an instrument. Columns
        ``respondent_id, worker_id, wave, duration, started, submitted`` of a frame are taken
        as in responses. A lazy frame is collected.
    instrument : Instrument, str or path, optional
        The definition, its id or its file. Responses bring their own.
    scales : str, iterable of str, or mapping of str to sequence of columns, optional
        With an instrument, ids of its scales (all by default); without one, the columns of each
        scale, keyed already. What needs the response scale or the keying is not judged then.
    attention : mapping of str to str or number, optional
        Attention items: by column, the answer that was asked for.
    thresholds : mapping of str to float, optional
        By rule, in place of its own; see ``QualityResult.rules``.
    contradicting : bool
        Whether one answer throughout is flagged only where it says opposite things, on items
        keyed both ways: "always" to every question can be what a content person means.
    exclude : iterable of str, optional
        Rules whose flagged respondents are left out of ``result.exclusion.data``; they stay in
        all other parts of the result.

    Returns
    -------
    QualityResult
        ``.respondents, .items, .missing, .flags, .rules, .exclusion``.

    Raises
    ------
    ScoringError, InstrumentError
        As ``keyed_items``.
    ModelError
        Where a rule, a threshold or an attention item cannot be.

    Notes
    -----
    Runs, spread, person-total and patterns are of the answers as given, and do not depend on
    keying; even-odd consistency, means, floor and ceiling are of keyed answers. Items are taken
    to have been asked in the order of the instrument. Where the platform mixed it, runs mean
    little.

    References
    ----------
    Curran PG (2016). Methods for the detection of carelessly invalid responses in survey data.
    Journal of Experimental Social Psychology 66:4-19. doi 10.1016/j.jesp.2015.07.006.
    Huang JL, Curran PG, Keeney J, Poposki EM, DeShon RP (2012). Detecting and deterring
    insufficient effort responding to surveys. Journal of Business and Psychology 27(1):99-114.
    doi 10.1007/s10869-011-9231-8.
    Fairclough DL, Cella DF (1996). Functional Assessment of Cancer Therapy (FACT-G):
    non-response to individual questions. Quality of Life Research 5:321-329.

    Examples
    --------
    >>> from relsurvey.instruments import load_instrument
    >>> items = load_instrument("peech-sc").item_ids
    >>> answers = pd.DataFrame([[3] * 23, [2, 3] * 11 + [1], [1] * 10 + [2] * 13], columns=items)
    >>> result = check_quality(answers, "peech-sc")
    >>> result.respondents[["longstring", "irv"]].round(2).to_dict("list")
    {'longstring': [23, 1, 13], 'irv': [0.0, 0.59, 0.51]}
    >>> result.flags.groupby("row")["rule"].agg(list).to_dict()
    {2: ['no_variation', 'longstring']}
    """
    faults = Faults()
    faults.of("contradicting", lambda: require_flag("contradicting", contradicting))
    limits = faults.of("thresholds", lambda: thresholds_of(thresholds)) or {}
    named = faults.of("exclude", lambda: chosen_rules(exclude)) or ()
    expected = faults.of("attention", lambda: require_attention(attention)) or {}
    faults.refuse()
    sheet = sheet_of(data, instrument, scales)
    frame = nw.from_native(pd.DataFrame(sheet.keyed.T, columns=list(sheet.items), copy=False))
    used = telling_items(sheet)
    moments = pattern_moments(frame, [sheet.items[item] for item in used])
    saturated = saturated_moments(moments)
    distance = distances(sheet, used, saturated)
    found = measured(sheet, expected, distance)
    verdict = judged(sheet, found, limits, contradicting=contradicting)
    items = item_table(sheet)
    result = QualityResult(
        title=_title(sheet),
        n=sheet.n,
        respondents=found.table,
        items=items,
        missing=_gaps(sheet, frame, moments, saturated),
        flags=verdict.flags,
        rules=verdict.rules,
        readings=(*_gap_readings(items), *score_readings(score_ends(sheet))),
        notes=tuple(_notes(sheet, found.table, distance.note)),
        exclusion=None,
        _data=data,
        _flagged=verdict.flagged,
    )
    return replace(result, exclusion=result.exclude(named)) if named else result


def _gaps(
    sheet: AnswerSheet,
    frame: nw.DataFrame[Any],
    moments: PatternMoments,
    saturated: SaturatedMoments,
) -> McarResult:
    """Test the items on which people differ; the patterns are those of all items."""
    if len(moments.columns) < 2:
        return mcar_test(pattern_moments(frame, sheet.items))
    test = mcar_test(moments, saturated)
    if len(moments.columns) == len(sheet.items):
        return test
    patterns = pattern_table(pattern_moments(frame, sheet.items)).assign(distance=np.nan)
    about = (
        f"over {len(moments.columns)} of {counted(len(sheet.items), 'item')}: on the others nobody "
        "differs"
    )
    return replace(test, patterns=patterns, note="; ".join(filter(None, [about, test.note])))


def _title(sheet: AnswerSheet) -> str:
    known = sheet.instrument
    return f"{known.short_title} ({known.id} {known.version})" if known else "items without scale"


def _gap_readings(items: pd.DataFrame) -> tuple[Reading, ...]:
    rows = items.to_dict(orient="records")
    return tuple(missing_answers(str(row["item"]), row["missing_share"]) for row in rows)


def _respondents(count: int) -> str:
    if count < USUAL_THRESHOLD:
        return f"Fewer than {USUAL_THRESHOLD} respondents"
    return counted(count, "respondent")


def _notes(sheet: AnswerSheet, table: pd.DataFrame, distance: str) -> Iterator[str]:
    if distance:
        yield distance
    if 0 < sheet.n < FEW:
        yield (
            f"From fewer than {FEW} respondents, distances and person-total correlations are "
            "rough: everybody is compared with a few others."
        )
    same = int(((table["irv"] == 0) & (table["n_answered"] >= FEWEST_ANSWERS)).sum())
    if same:
        yield (
            f"{_respondents(same)} gave one raw answer throughout. Only where that says "
            "opposite things is it taken for carelessness: with few answers to choose from, it "
            "can be just what somebody means."
        )
