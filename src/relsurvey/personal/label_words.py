"""Words that the answers of rating scales are made of; a text of these alone names nobody."""

from __future__ import annotations

import re

__all__ = ["is_label"]

_WORDS = """
a about above absolutely agree all almost always am an and any apply applies applicable at bad
below can't certain completely correct daily definitely describes did disagree dissatisfied do
does doesn't don't easily easy entirely ever every excellent extremely fair fairly false few
frequently fully generally good great half hard hardly harder high highly i important in is kept
know least less likely little lot low me mean medium moderate moderately monthly more most mostly
much nearly neither neutral never no none nor not of off often on once only open opinion or other
partly poor poorly prefer probably quite rarely rather regularly say sometimes somewhat satisfied
seldom slightly some sort strong strongly sure tend that the things this time times to totally
true undecided unlikely unsure untrue usually very weekly well while yes you
"""
_KNOWN = frozenset(_WORDS.split())
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


def is_label(text: str) -> bool:
    """Say whether a text is made of words of rating scales alone.

    Examples
    --------
    >>> is_label("Neither agree nor disagree"), is_label("Neither Jane nor Tom")
    (True, False)
    """
    words = _WORD.findall(text.casefold())
    return bool(words) and _KNOWN.issuperset(words)
