"""What the check of the answers gives back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from relsurvey.criteria import Reading, readings_frame
from relsurvey.quality.exclusion import Exclusion, excluded
from relsurvey.quality.missing import McarResult
from relsurvey.quality.rules import chosen_rules
from relsurvey.quality.text import quality_text
from relsurvey.results import Drawn, json_ready
from relsurvey.text import counted

__all__ = ["QualityResult"]


@dataclass(frozen=True, eq=False)
class QualityResult(Drawn):
    """How far the answers can be trusted: respondents, items, gaps and flags.

    Attributes
    ----------
    title : str
        What was answered.
    n : int
        Respondents.
    respondents : pandas.DataFrame
        Personal data, one row a respondent, in the order of the data: ``respondent_id``,
        ``row`` (of the file), ``worker_id`` and ``wave`` where there are any; ``n_asked`` (items
        not hidden from the respondent), ``n_answered``; ``missing_share`` (of the items asked;
        "does not apply" is no gap) and ``not_applicable_share``; ``longstring`` (longest run of
        one raw answer) and ``longstring_contradicting`` (the same where items keyed both ways
        are in it); ``irv`` (standard deviation of the raw answers; NaN only for fewer than two);
        ``mahalanobis_d2, mahalanobis_df, mahalanobis_p``; ``even_odd`` (near 1 is consistent;
        NaN for fewer than three scales or no variation), ``even_odd_scales``; ``person_total``
        (r of the raw answers with everybody's mean answers); ``duplicate_of`` (others with the
        same answers to everything, 0 where an answer is missing),
        ``duplicate_of_same_worker``; ``rows_with_id``; and, where they are known,
        ``seconds_per_item``, ``attention_passed``, ``attention_failed``.
    items : pandas.DataFrame
        One row an item: ``item, gist, reversed, n_asked, n, missing_share``; the number of
        cells without an answer by reason; ``floor, ceiling`` (shares of the answers at the
        keyed ends of the response scale), ``mean, sd, skewness`` (keyed), ``count_<code>`` (raw
        answers), ``unused`` (codes nobody gave), ``note``.
    missing : McarResult
        Patterns of missing answers, and Little's test.
    flags : pandas.DataFrame
        Personal data, one row a flag: ``respondent_id, row, rule, value, threshold, why``.
    rules : pandas.DataFrame
        One row a rule: ``rule, looks_at, threshold, source, judged, n_flagged, note`` (why it
        was not judged).
    readings : tuple of Reading
        Each item's missing answers, and the share of complete answers to each scale at its
        lowest and highest score, beside their criteria.
    notes : tuple of str
        What could not be computed, or what a figure rests on.
    exclusion : Exclusion or None
        Who was left out, where rules were named.
    """

    _figure: ClassVar[str] = "plot_quality"

    title: str
    n: int
    respondents: pd.DataFrame
    items: pd.DataFrame
    missing: McarResult
    flags: pd.DataFrame
    rules: pd.DataFrame
    readings: tuple[Reading, ...]
    notes: tuple[str, ...]
    exclusion: Exclusion | None
    _data: Any
    _flagged: Mapping[str, npt.NDArray[np.bool_]]

    @property
    def n_flagged(self) -> int:
        """Respondents with at least one flag."""
        some = np.zeros(self.n, dtype=bool)
        for who in self._flagged.values():
            some |= who
        return int(some.sum())

    def exclude(self, rules: Iterable[str]) -> Exclusion:
        """Leave out whomever one of these rules flags; nothing else ever does.

        Parameters
        ----------
        rules : iterable of str
            Names of rules. Of people who share an id, or their answers, all go: nothing tells
            which of them is the right one.

        Returns
        -------
        Exclusion
            The data without them, and how many each rule left out.

        Raises
        ------
        ModelError
            Where one is no rule.
        """
        return excluded(self._data, chosen_rules(rules), dict(self._flagged), self.n)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a rule; the rows of persons are ``respondents`` and ``flags``."""
        return self.rules.copy()

    def to_dict(self) -> dict[str, Any]:
        """Return the figures, ready for ``json.dumps``; never rows of persons."""
        value = {
            "title": self.title,
            "n": self.n,
            "n_flagged": self.n_flagged,
            "rules": self.rules,
            "items": self.items,
            "missing": self.missing,
            "readings": readings_frame(self.readings),
            "notes": self.notes,
            "exclusion": self.exclusion,
        }
        return {name: json_ready(entry) for name, entry in value.items()}

    def _short_text(self) -> str:
        flagged = f"{self.n_flagged:,} of {counted(self.n, 'respondent')}"
        out = "nobody was left out for it" if self.exclusion is None else self.exclusion.to_text()
        return f"A rule of quality points to the answers of {flagged}; {out.rstrip('.')}."

    def summary(self) -> str:
        """Return what was checked and found, and what to do next."""
        return quality_text(self)
