"""What a report may say about few people: every count and share of a report goes through here.

The rules, with a threshold of 10:

- a count of 1 to 9 is "fewer than 10"; a count of 0 is shown;
- where one part of a group is that small, the other part and the whole would give it away by
  subtraction. Then all counts of that group of people are rounded to the nearest 5, in the whole
  report;
- a share whose people, or whose other people, are fewer than 10 is not given. Other shares are
  the true ones in whole percent; where counts are rounded and fewer than 103 people are there, in
  steps of 5 (of 10 for fewer than 23), since whole percent would tell the number of people;
- nothing is computed for fewer than 10 people, and no smallest or largest score is shown;
- neighbouring bars with fewer than 10 people are put together;
- an item's mean and SD would take apart what was put together: where an answer of any item of
  a scale was given by fewer than 10, the scale's items have neither;
- service users' scores are not shown where they would tell of one or two workers.

A threshold below 5 protects nobody, and is refused.

References
----------
UK Office for National Statistics, "10-5 rule"; OpenSAFELY, statistical disclosure control;
Griffiths E et al. (2019), Handbook on Statistical Disclosure Control for Outputs; AI-SDC, ACRO,
default.yaml (dominance: one unit more than half, or two units more than nine tenths).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from relsurvey.errors import ReportError
from relsurvey.reporting.coarse_shares import BASE, FINEST, coarse_share, nearest, usual_step
from relsurvey.reporting.numbers import MISSING, number, percent
from relsurvey.small_groups import require_threshold

__all__ = ["Disclosure", "Split", "dominated", "merged"]

SHARE_OF_ONE, SHARE_OF_TWO = 0.5, 0.9


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
        Smallest count that is shown; at least 5.
    rounded : frozenset of str
        Roles whose counts are rounded throughout.
    withheld : tuple of str
        What is not shown, in words and without numbers.
    """

    threshold: int
    rounded: frozenset[str] = frozenset()
    withheld: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a threshold that protects nobody."""
        require_threshold(self.threshold, "people", ReportError)

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
            # A whole that is small itself is not shown, so that nothing can be subtracted.
            if not rules.is_small(split.whole)
            and (rules.is_small(split.part) or rules.is_small(split.whole - split.part))
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
        return count >= self.threshold

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
        lowest = -(-self.threshold // BASE) * BASE
        return max(nearest(count), lowest)

    def count(self, count: int, role: str) -> str:
        """Write a count."""
        return self.few if self.is_small(count) else number(self.shown(count, role), 0)

    def share_of(self, part: int, whole: int, role: str) -> float:
        """Return a share that can be written; NaN where it may not be given.

        Parameters
        ----------
        part, whole : int
            Exact counts.
        role : str
            Whose they are.

        Returns
        -------
        float
            The true share; where whole percent would tell the number of people, in steps.

        Examples
        --------
        >>> rules = Disclosure(10, frozenset({"worker"}))
        >>> rules.share_of(30, 118, "worker"), rules.share_of(30, 118, "service_user") == 30 / 118
        (0.25, True)
        """
        other = whole - part
        if not self.allows(whole) or self.is_small(part) or self.is_small(other):
            return float("nan")
        return coarse_share(part, whole, self.threshold) if self.rounds(role) else part / whole

    def step(self, whole: int, role: str) -> float:
        """Return in which steps shares of so many people are written."""
        return usual_step(whole) if self.rounds(role) else FINEST

    def allows_moments(self, counts: Iterable[Sequence[int]], role: str) -> bool:
        """Say whether means and SDs of a scale's items may be shown.

        Parameters
        ----------
        counts : iterable of sequence of int
            For each item of the scale, how many people gave each answer.
        role : str
            Whose they are.

        Notes
        -----
        For all items or none, since the mean of the scale would give away the one that lacks.
        One decimal would not be coarse enough: a mean that lies near the place where rounding
        turns leaves one way to share out a hundred people.

        Examples
        --------
        >>> rules = Disclosure(10)
        >>> rules.allows_moments([(30, 40, 50), (0, 60, 60)], "worker")
        True
        >>> rules.allows_moments([(30, 40, 50), (3, 60, 57)], "worker")
        False
        """
        rows = [tuple(one) for one in counts]
        small = any(self.is_small(count) for row in rows for count in row)
        return not small and all(self.step(sum(row), role) == FINEST for row in rows)

    def share(self, part: int, whole: int, role: str) -> str:
        """Write a share in whole percent, or say that it is of few people."""
        if not self.allows(whole):
            return MISSING
        if self.is_small(part):
            return self.few
        if self.is_small(whole - part):
            return f"all but {self.few}"
        return percent(self.share_of(part, whole, role))


def dominated(counts: Iterable[int]) -> bool:
    """Say whether one unit, or two, hold so much of a whole that it tells of them.

    Parameters
    ----------
    counts : iterable of int
        What each unit adds: for each worker, how many service users.

    Examples
    --------
    >>> dominated([200, *[3] * 10]), dominated([49, 49, *[1] * 10]), dominated([7] * 12)
    (True, True, False)
    """
    largest = sorted(counts, reverse=True)
    total = sum(largest)
    return sum(largest[:1]) > SHARE_OF_ONE * total or sum(largest[:2]) > SHARE_OF_TWO * total


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

    Notes
    -----
    A small bar goes with what follows it, a small end with what is before it. Choosing the
    neighbour by its people would tell of them: somebody who knows the rule could work out why
    the other one was not chosen.

    Examples
    --------
    >>> merged([0, 2, 30, 41, 9], 10)
    [range(0, 1), range(1, 3), range(3, 5)]
    >>> merged([12, 0, 3, 0, 15], 10)
    [range(0, 1), range(1, 2), range(2, 5)]
    """
    groups: list[range] = []
    start = people = 0
    for position, count in enumerate(counts, start=1):
        people += count
        if people == 0 or people >= threshold:
            groups.append(range(start, position))
            start, people = position, 0
    if people:
        while groups and people < threshold:
            start = groups.pop().start
            people = sum(counts[start:])
        groups.append(range(start, len(counts)))
    return groups
