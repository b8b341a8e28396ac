"""The association to be found, in the three ways it is spoken of, and how they follow."""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["EFFECTS", "Effect", "correlation_of"]

EFFECTS = ("correlation", "standardised_slope", "slope")


@dataclass(frozen=True, slots=True)
class Effect:
    """One association between true scores, spoken of in three ways.

    With T the worker's true score, M the true mean experience of the worker's service users and
    Y a service user's true score, in a study with ``icc`` the share of Y's variance between
    workers:

    - the correlation is that of T and M, the worker's true mean;
    - the standardised slope is the change of Y, in standard deviations, for one standard
      deviation of T: correlation x sqrt(icc), so never above sqrt(icc);
    - the slope is the same in points: standardised slope x SD(Y) / SD(T), where the true SDs
      are the observed ones times the root of the reliability.

    What a model finds is smaller: the slope on the observed score is the slope times the
    reliability of the worker score, the standardised slope times the root of the product of
    both reliabilities (Spearman 1904).

    Attributes
    ----------
    correlation, icc, reliability_predictor, reliability_outcome : float
        See above.
    predictor_sd, outcome_sd : float
        Of the observed scores, in points: over workers, and over service users.

    References
    ----------
    Spearman, C. (1904). The proof and measurement of association between two things. American
    Journal of Psychology, 15(1), 72-101.
    Hox, J. J., Moerbeek, M., & van de Schoot, R. (2018). Multilevel analysis (3rd ed.), ch. 2.

    Examples
    --------
    >>> effect = Effect(0.3, icc=0.09, predictor_sd=0.5, outcome_sd=2.0)
    >>> round(effect.standardised_slope, 6), round(effect.slope, 6)
    (0.09, 0.36)
    """

    correlation: float
    icc: float
    reliability_predictor: float = 1.0
    reliability_outcome: float = 1.0
    predictor_sd: float = 1.0
    outcome_sd: float = 1.0

    @property
    def standardised_slope(self) -> float:
        """True standard deviations of a service user's score per one of the worker score."""
        return self.correlation * math.sqrt(self.icc)

    @property
    def slope(self) -> float:
        """Points of the outcome per point of the true worker score."""
        true_ratio = math.sqrt(self.reliability_outcome / self.reliability_predictor)
        return self.standardised_slope * self.outcome_sd / self.predictor_sd * true_ratio

    @property
    def slope_observed(self) -> float:
        """Points of the outcome per point of the observed worker score: what the model finds."""
        return self.slope * self.reliability_predictor


def correlation_of(
    kind: str,
    size: float,
    *,
    icc: float,
    reliability_predictor: float = 1.0,
    reliability_outcome: float = 1.0,
    predictor_sd: float = 1.0,
    outcome_sd: float = 1.0,
) -> float:
    """Return the correlation that an effect of one kind comes to.

    Parameters
    ----------
    kind : {"correlation", "standardised_slope", "slope"}
        What ``size`` is.
    size : float
        Its value.
    icc, reliability_predictor, reliability_outcome, predictor_sd, outcome_sd : float
        See :class:`Effect`.

    Returns
    -------
    float
        Beyond -1 or 1 where there is no such effect.

    Examples
    --------
    >>> round(correlation_of("standardised_slope", 0.09, icc=0.09), 6)
    0.3
    """
    one = Effect(1.0, icc, reliability_predictor, reliability_outcome, predictor_sd, outcome_sd)
    return size / float(getattr(one, kind))
