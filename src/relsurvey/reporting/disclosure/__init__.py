"""Disclosure control: what a report may say about few people."""

from relsurvey.reporting.disclosure.estimates import side_by_side
from relsurvey.reporting.disclosure.groups import merged
from relsurvey.reporting.disclosure.notes import uncounted
from relsurvey.reporting.disclosure.rules import Disclosure, Split
from relsurvey.reporting.disclosure.words import rules_in_words

__all__ = ["Disclosure", "Split", "merged", "rules_in_words", "side_by_side", "uncounted"]
