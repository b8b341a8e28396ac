"""What a report may say about few people: every count and share of a report goes through here.

The rules, with a threshold of 10:

- a count of 1 to 9 is "fewer than 10"; a count of 0 is shown;
- where one part of a group is that small, the other part and the whole would give it away by
  subtraction. Then all counts of that group of people are rounded to the nearest 5, in the whole
  report, and shares are taken from the rounded counts;
- a share whose people, or whose other people, are fewer than 10 is not given;
- nothing is computed for fewer than 10 people, and no smallest or largest score is shown;
- neighbouring bars with fewer than 10 people are put together.

References
----------
UK Office for National Statistics, "10-5 rule"; OpenSAFELY, statistical disclosure control;
Griffiths E et al. (2019), Handbook on Statistical Disclosure Control for Outputs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from relsurvey.reporting.numbers import MISSING, number, percent

__all__ = ["Disclosure", "Split", "merged"]

ROUND_TO = 5


@dataclass(frozen=True)
class Split:
    """A group of people of whom a part is counted, so that the other part is known too.

    Attributes
    ----------
    role : str
        Whose counts these are: "worker" or "service_user".
    whole, part : int
        Number of people in the group and in the part.
    what : str
        In words, who is not in the part.
    """

    role: str
    whole: int
    part: int
    what: str


@dataclass(frozen=True)
class Disclosure:
    """The rules with a threshold, and which groups' counts are rounded.

    Attributes
    ----------
    threshold : int
        Smallest count that is shown.
    rounded : frozenset of str
        Roles whose counts are rounded throughout.
    withheld : tuple of str
        What is not shown, in words and without numbers.
    """

    threshold: int
    rounded: frozenset[str] = frozenset()
    withheld: tuple[str, ...] = ()

    @classmethod
    def of(cls, threshold: int, splits: Iterable[Split]) -> Disclosure:
        """Find out from all splits of a report whose counts have to be rounded.

        Parameters
        ----------
        threshold : int
            Smallest count that is shown.
        splits : iterable of Split
            Every pair of whole and part of which the report shows a count.

        Returns
        -------
        Disclosure
            The rules for this report.

        Examples
        --------
        >>> rules = Disclosure.of(10, [Split("worker", 120, 113, "workers not linked")])
        >>> rules.count(113, "worker"), rules.count(7, "worker"), rules.count(900, "service_user")
        ('115', 'fewer than 10', '900')
        >>> rules.withheld
        ('how many workers not linked',)
        """
        rules = cls(threshold)
        small = [
            split
            for split in splits
            if rules.is_small(split.part) or rules.is_small(split.whole - split.part)
        ]
        return cls(
            threshold,
            frozenset(split.role for split in small),
            tuple(dict.fromkeys(f"how many {split.what}" for split in small)),
        )

    def is_small(self, count: int) -> bool:
        """Say whether a count is above zero and below the threshold."""
        return 0 < count < self.threshold

    def allows(self, count: int) -> bool:
        """Say whether statistics of so many people may be shown."""
        return count >= max(self.threshold, 1)

    @property
    def few(self) -> str:
        """How a small count is written."""
        return f"fewer than {self.threshold}"

    def rounds(self, role: str) -> bool:
        """Say whether this group's counts are rounded."""
        return role in self.rounded

    def shown(self, count: int, role: str) -> int:
        """Return a count as it may be shown: itself, or to the nearest five.

        A small count has no number to show; it is the caller's to ask ``is_small`` first, and
        gets zero here, so that a forgotten question gives nothing away.
        """
        if count == 0 or self.is_small(count):
            return 0
        if not self.rounds(role):
            return count
        nearest = ROUND_TO * round(count / ROUND_TO)
        lowest = -(-self.threshold // ROUND_TO) * ROUND_TO
        return max(nearest, lowest)

    def count(self, count: int, role: str) -> str:
        """Write a count."""
        return self.few if self.is_small(count) else number(self.shown(count, role), 0)

    def share_of(self, part: int, whole: int, role: str) -> float:
        """Return a share from counts as shown; NaN where it may not be given."""
        other = whole - part
        if not self.allows(whole) or self.is_small(part) or self.is_small(other):
            return float("nan")
        if other == 0:
            return 1.0
        return min(self.shown(part, role) / self.shown(whole, role), 1.0)

    def share(self, part: int, whole: int, role: str) -> str:
        """Write a share in whole percent, or say that it is of few people."""
        if not self.allows(whole):
            return MISSING
        if self.is_small(part):
            return self.few
        if self.is_small(whole - part):
            return f"all but {self.few}"
        return percent(self.share_of(part, whole, role))


def merged(counts: Sequence[int], threshold: int) -> list[range]:
    """Put neighbouring bars together until none holds few people.

    Parameters
    ----------
    counts : sequence of int
        People in each bar, in order.
    threshold : int
        Smallest count a bar may have; an empty bar may stay.

    Returns
    -------
    list of range
        Which of the bars stand together, in order; one range over all where fewer people than
        the threshold are there in all.

    Examples
    --------
    >>> merged([0, 2, 30, 41, 9], 10)
    [range(0, 1), range(1, 3), range(3, 5)]
    >>> merged([12, 0, 3, 0, 15], 10)
    [range(0, 3), range(3, 4), range(4, 5)]
    """
    groups = [range(i, i + 1) for i in range(len(counts))]
    sums = list(counts)

    def small(position: int) -> bool:
        return 0 < sums[position] < threshold

    while len(groups) > 1 and any(small(i) for i in range(len(groups))):
        here = min((i for i in range(len(groups)) if small(i)), key=lambda i: sums[i])
        there = _neighbour(sums, here)
        first, last = min(here, there), max(here, there)
        groups[first : last + 1] = [range(groups[first].start, groups[last].stop)]
        sums[first : last + 1] = [sum(sums[first : last + 1])]
    return groups


def _neighbour(sums: Sequence[int], here: int) -> int:
    """Return the nearest bar with people in it; of two as near, the one with fewer."""
    others = [i for i in range(len(sums)) if i != here and sums[i] > 0]
    if not others:
        return here + 1 if here + 1 < len(sums) else here - 1
    return min(others, key=lambda i: (abs(i - here), sums[i]))
