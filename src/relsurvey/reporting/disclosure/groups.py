"""Bars of few: which neighbouring ones stand together."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["merged"]


def merged(counts: Sequence[int], threshold: int, *, empty: bool = True) -> list[range]:
    """Put neighbouring bars together until none holds few people.

    Parameters
    ----------
    counts : sequence of int
        People in each bar, in order.
    threshold : int
        Smallest count a bar may have.
    empty : bool
        Whether a bar of nobody may stay.

    Returns
    -------
    list of range
        Which of the bars stand together, in order; one range over all where fewer people than
        the threshold are there in all.

    Notes
    -----
    A small bar goes with what follows it, a small end with what is before it. Choosing the
    neighbour by its people would tell of them: somebody who knows the rule could work out why
    the other one was not chosen. Bars of nobody at an end go with
    bars that stand together beside them.

    Examples
    --------
    >>> merged([0, 2, 30, 41, 9], 10)
    [range(0, 3), range(3, 5)]
    >>> merged([12, 0, 3, 0, 15], 10)
    [range(0, 1), range(1, 2), range(2, 5)]
    """
    groups: list[range] = []
    start = people = 0
    for position, count in enumerate(counts, start=1):
        people += count
        if (empty and people == 0) or people >= threshold:
            groups.append(range(start, position))
            start, people = position, 0
    if start < len(counts):
        while groups and people < threshold:
            start = groups.pop().start
            people = sum(counts[start:])
        groups.append(range(start, len(counts)))
    return _with_ends(groups, counts)


def _with_ends(groups: list[range], counts: Sequence[int]) -> list[range]:
    """Put nobody's bars at an end with those next to them, where these stand together.

    Otherwise the smallest and the largest value, of one person perhaps, could be read off. It goes
    by what stands together, not by the counts in it, of which it would tell.
    """
    there = [group for group in groups if any(counts[i] for i in group)]
    if there and len(there[0]) > 1:
        groups = [group for group in groups if group.start >= there[0].start]
        groups[0] = range(groups[0].stop)
    if there and len(there[-1]) > 1:
        groups = [group for group in groups if group.stop <= there[-1].stop]
        groups[-1] = range(groups[-1].start, len(counts))
    return groups
