"""What a report may say about few people: every count and share of a report goes through here.

The rules, with a threshold of 10, where the study file says nothing else:

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

A study file can name one of the presets of ``relsurvey.small_groups``, or numbers: all counts can
be rounded, to a coarser base, and a count of 0 be treated as a small one. Small counts are
withheld before anything is rounded. A threshold below 5 protects nobody, and is refused.

References
----------
UK Office for National Statistics, "10-5 rule"; OpenSAFELY, statistical disclosure control;
Griffiths E et al. (2019), Handbook on Statistical Disclosure Control for Outputs; AI-SDC, ACRO,
default.yaml (dominance: one unit more than half, or two units more than nine tenths).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from relsurvey.errors import ReportError
from relsurvey.reporting.coarse_shares import FINEST, coarse_share, nearest, usual_step
from relsurvey.reporting.numbers import MISSING, number, percent
from relsurvey.small_groups import USUAL_BASE, SmallGroupRules, require_threshold

__all__ = ["Disclosure", "Split"]


@dataclass(frozen=True)
class Split:
    """A group of people of whom a part is counted, so that the other part is known too.

    Attributes
    ----------
    role : str
        Whose counts these are: "worker", "service_user" or "staff".
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
    base : int
        To what counts are rounded where they are.
    zeros : bool
        Whether a count of nobody is shown.
    """

    threshold: int
    rounded: frozenset[str] = frozenset()
    withheld: tuple[str, ...] = ()
    base: int = USUAL_BASE
    zeros: bool = True

    def __post_init__(self) -> None:
        """Refuse a threshold that protects nobody."""
        require_threshold(self.threshold, "people", ReportError)

    @classmethod
    def of(cls, settings: SmallGroupRules, splits: Iterable[Split]) -> Disclosure:
        """Find out from all splits of a report whose counts have to be rounded.

        Parameters
        ----------
        settings : SmallGroupRules
            The numbers of the study file.
        splits : iterable of Split
            Every pair of whole and part of which the report shows a count.

        Returns
        -------
        Disclosure
            The rules for this report.

        Examples
        --------
        >>> split = Split("worker", 120, 113, "workers not linked")
        >>> rules = Disclosure.of(SmallGroupRules(10), [split])
        >>> rules.count(113, "worker"), rules.count(7, "worker"), rules.count(900, "service_user")
        ('115', 'fewer than 10', '900')
        >>> rules.withheld
        ('how many workers not linked',)
        """
        rules = cls(
            settings.threshold,
            base=settings.round_to or USUAL_BASE,
            zeros=settings.zeros == "shown",
        )
        small = [
            split
            for split in splits
            # A whole that is small itself is not shown, so that nothing can be subtracted.
            if not rules.is_small(split.whole)
            and (rules.is_small(split.part) or rules.is_small(split.whole - split.part))
        ]
        everybody = ("worker", "service_user", "staff") if settings.round_to else ()
        return replace(
            rules,
            rounded=frozenset((*everybody, *(split.role for split in small))),
            withheld=tuple(dict.fromkeys(f"how many {split.what}" for split in small)),
        )

    def is_small(self, count: int) -> bool:
        """Say whether a count is below the threshold; nobody is not, where zeros are shown."""
        return self.least <= count < self.threshold

    @property
    def least(self) -> int:
        """The smallest count that is a small one."""
        return 1 if self.zeros else 0

    def allows(self, count: int) -> bool:
        """Say whether statistics of so many people may be shown."""
        return count >= self.threshold

    @property
    def few(self) -> str:
        """How a small count is written."""
        return f"fewer than {self.threshold}"

    @property
    def lowest(self) -> int:
        """The smallest rounded count that is shown: the threshold, rounded up."""
        return -(-self.threshold // self.base) * self.base

    def rounds(self, role: str) -> bool:
        """Say whether this group's counts are rounded."""
        return role in self.rounded

    def shown(self, count: int, role: str) -> int:
        """Return a count as it may be shown: itself, or rounded.

        A small count has no number to show; it is the caller's to ask ``is_small`` first, and
        gets zero here, so that a forgotten question gives nothing away.
        """
        if count == 0 or self.is_small(count):
            return 0
        if not self.rounds(role):
            return count
        return max(nearest(count, self.base), self.lowest)

    def could_be(self, shown: int, role: str) -> range:
        """Return which counts would be shown like this.

        Examples
        --------
        >>> Disclosure(10, frozenset({"worker"})).could_be(10, "worker")
        range(10, 13)
        """
        if not self.rounds(role):
            return range(shown, shown + 1)
        near = range(max(shown - self.base, self.threshold), shown + self.base + 1)
        alike = [count for count in near if self.shown(count, role) == shown]
        return range(alike[0], alike[-1] + 1) if alike else range(shown, shown + 1)

    def shown_total(self, parts: Iterable[int], role: str) -> int:
        """Return a total as it may be shown beside its parts: the sum of what is shown of them.

        Where a part is not shown, it is rounded by itself.

        Examples
        --------
        >>> rules = Disclosure(10, frozenset({"worker"}))
        >>> rules.shown_total([12, 12], "worker"), rules.shown_total([12, 3], "worker")
        (20, 15)
        """
        counts = list(parts)
        if any(self.is_small(count) for count in counts):
            return self.shown(sum(counts), role)
        return sum(self.shown(count, role) for count in counts)

    def left_over(self, whole: int, parts: Sequence[int], shown: int, role: str) -> str:
        """Write how many of a group are in none of its parts.

        Where counts are rounded, it is what the shown numbers leave, whatever the exact rest is:
        else the rest would tell where within a rounded number the exact one lies.

        Parameters
        ----------
        whole : int
            Exact number of people in the group.
        parts : sequence of int
            Exact numbers of those in each part.
        shown : int
            What is shown of the parts in all.
        role : str
            Whose counts they are.

        Examples
        --------
        >>> rules = Disclosure(8, frozenset({"worker"}))
        >>> rules.left_over(112, [103], 105, "worker"), rules.left_over(117, [103], 105, "worker")
        ('fewer than 10', '10')
        """
        rest = max(whole - sum(parts), 0)
        if not self.rounds(role) or self.is_small(whole) or (rest == 0 and self.zeros):
            return self.count(rest, role)
        apart = self.shown(whole, role) - shown
        return number(apart, 0) if apart >= self.lowest else f"fewer than {self.lowest}"

    def total(self, parts: Iterable[int], role: str) -> str:
        """Write a total that stands beside its parts."""
        counts = list(parts)
        if self.is_small(sum(counts)):
            return self.few
        return number(self.shown_total(counts, role), 0)

    def count(self, count: int, role: str) -> str:
        """Write a count."""
        return self.few if self.is_small(count) else number(self.shown(count, role), 0)

    def spoken(self, count: int, role: str) -> str:
        """Write a count for a sentence, which says that it is about so many where it is rounded.

        Examples
        --------
        >>> rules = Disclosure(10, frozenset({"worker"}))
        >>> rules.spoken(13, "worker"), rules.spoken(13, "service_user"), rules.spoken(3, "worker")
        ('about 15', '13', 'fewer than 10')
        """
        about = self.rounds(role) and count != 0 and not self.is_small(count)
        return f"about {self.count(count, role)}" if about else self.count(count, role)

    def share_of(self, part: int, whole: int, role: str, *, finest: float = FINEST) -> float:
        """Return a share that can be written; NaN where it may not be given.

        Parameters
        ----------
        part, whole : int
            Exact counts.
        role : str
            Whose they are.
        finest : float, optional
            The step in which it will be written at most, so that nothing is rounded twice.

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
        if not self.rounds(role):
            return part / whole
        return coarse_share(part, whole, self.threshold, self.base, finest)

    def step(self, whole: int, role: str) -> float:
        """Return in which steps shares of so many people are written."""
        return usual_step(whole, self.base) if self.rounds(role) else FINEST

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
