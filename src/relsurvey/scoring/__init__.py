"""Answers to scores, row by row: reverse-keying, minimum answered, does-not-apply, composites.

Written once on Narwhals expressions, so that a frame of any kind goes in as it is and the same
kind comes out.
"""

from relsurvey.scoring.items import KeyedItems, keyed_items
from relsurvey.scoring.score import score

__all__ = ["KeyedItems", "keyed_items", "score"]
