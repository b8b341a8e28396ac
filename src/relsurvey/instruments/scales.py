"""How answers become scores."""

from __future__ import annotations

from typing import Literal

from pydantic import StrictBool

from relsurvey.instruments.definition import Definition
from relsurvey.instruments.fields import Count, Id, Real, Share, Text

__all__ = ["MinimumAnswered", "Scale"]


class MinimumAnswered(Definition):
    """How many answers a score needs: a fixed count, or a share of the items that apply.

    Attributes
    ----------
    count : int or None
        A fixed number of answers.
    share : fractions.Fraction or None
        A share of the items that apply to the respondent, rounded up.
    at_least : int
        With a share: never fewer answers than this.
    """

    count: Count | None = None
    share: Share | None = None
    at_least: Count = 1

    def needed(self, applicable: int) -> int:
        """Return how many answers are needed where ``applicable`` items apply.

        Parameters
        ----------
        applicable : int
            Number of items that apply to the respondent.

        Returns
        -------
        int
            The number of answers; it can be larger than ``applicable``, then there is no score.

        Examples
        --------
        >>> rule = MinimumAnswered(share="2/3", at_least=3)
        >>> [rule.needed(n) for n in (7, 6, 4, 2)]
        [5, 4, 3, 3]
        >>> MinimumAnswered(count=3).needed(4)
        3
        """
        if self.share is None:
            return self.count or 1
        # Whole-number arithmetic: two thirds of six is four, not 4.000000001 rounded up.
        part = -(-applicable * self.share.numerator // self.share.denominator)
        return max(part, self.at_least)


class Scale(Definition):
    """A score and how it is made.

    Attributes
    ----------
    id, title : str
        The id names the column of the score.
    items : tuple of str
        The items it is made of; or, for a composite,
    scales : tuple of str
        the scales it is made of.
    composite_of : {"items", "scores"} or None
        Whether a composite takes all items of its scales together, or their scores.
    method : {"mean", "sum"}
        How answers become a score.
    minimum, maximum : float
        The range of the score.
    minimum_answered : MinimumAnswered
        How many answers it needs (scores, for a composite of scores).
    every_scale_scored : bool
        For a composite: whether each of its scales must have a score.
    pomp : bool
        Whether the percent of maximum possible (0 to 100) is given as well.
    top_box : bool
        Whether the share of items answered with the best code is given as well.
    not_applicable : {"excluded", "best", "missing"}
        What "does not apply" counts as: left out of the items, the best answer, or no answer.
    not_applicable_second : {"excluded", "best", "missing"} or None
        A second rule to be shown beside the first, as a sensitivity analysis.
    note : str
        Anything to know about the score.
    """

    id: Id
    title: Text
    items: tuple[Id, ...] = ()
    scales: tuple[Id, ...] = ()
    composite_of: Literal["items", "scores"] | None = None
    method: Literal["mean", "sum"]
    minimum: Real
    maximum: Real
    minimum_answered: MinimumAnswered
    every_scale_scored: StrictBool = False
    pomp: StrictBool = False
    top_box: StrictBool = False
    not_applicable: Literal["excluded", "best", "missing"] = "excluded"
    not_applicable_second: Literal["excluded", "best", "missing"] | None = None
    note: str = ""
