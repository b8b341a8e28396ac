"""Graded-response items: their parameters, and answers drawn from them.

The model is Samejima's (1969) graded response model in its normal-ogive form. A person with
trait t answers in category k or above with probability Phi(a (t - b_k)). The same is said by
an underlying normal answer, z = loading * t + sqrt(1 - loading^2) * e, cut at thresholds
tau_k, with a = loading / sqrt(1 - loading^2) and b_k = tau_k / loading. The second form is the
one used: over people z is standard normal, so the thresholds for wanted category shares are
normal quantiles, with no search.

References
----------
Samejima F (1969). Estimation of latent ability using a response pattern of graded scores.
Psychometrika Monograph Supplement 17.
Baker FB, Kim S-H (2004). Item Response Theory: Parameter Estimation Techniques, 2nd ed.,
chapter 8. Marcel Dekker.
Takane Y, de Leeuw J (1987). On the relationship between item response theory and factor
analysis of discretized variables. Psychometrika 52(3):393-408.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from relsurvey.instruments import Instrument, Scale

__all__ = ["ItemParameters", "draw_categories", "item_parameters"]

Real = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

NO_DOMAIN = "(none)"
# Items differ, by a fixed pattern, so that one instrument and one set of parameters are one
# population whatever the seed.
LOADING_SPREAD = 0.10
SHARE_SPREAD = 0.10
THRESHOLD_SPREAD = 0.35
# Without a ceiling the cuts of an item lie evenly between these standard scores, and people
# answer a little above the middle of the scale.
OUTERMOST_CUT = 2.0
MIDDLE_CUT = -0.3
# With a ceiling each further category is this much rarer than the one above it.
FALL_PER_CATEGORY = 0.5
# Steps of the R2 low-discrepancy sequence: patterns that look irregular and do not repeat.
STEP_LOADING = 0.7548776662466927
STEP_SHARE = 0.5698402909980532
STEP_NOT_APPLICABLE = 0.6180339887498949


@dataclass(frozen=True, slots=True)
class ItemParameters:
    """What an instrument's items are drawn from. J items, K codes, D domains.

    Attributes
    ----------
    item_ids : tuple of str, length J
        Items in the order of the instrument.
    domain_ids : tuple of str, length D
        Scales that list items themselves, and ``"(none)"`` where an item is in none.
    domain : numpy.ndarray of int, shape (J,)
        Each item's domain.
    reversed : numpy.ndarray of bool, shape (J,)
        Whether the item is reverse-keyed.
    codes : numpy.ndarray, shape (K,)
        Answer codes, ascending.
    keyed_values : numpy.ndarray, shape (J, K)
        What category k of an item counts after reverse-keying, ascending in k.
    loadings : numpy.ndarray, shape (J,)
        Correlation of the underlying normal answer with the domain trait.
    thresholds : numpy.ndarray, shape (J, K - 1)
        Cuts of the underlying normal answer, in keyed direction.
    shares : numpy.ndarray, shape (J, K)
        Population share of each category, in keyed direction.
    not_applicable : numpy.ndarray, shape (J,)
        Share of "does not apply" among the answers given; 0 where the instrument has none.
    """

    item_ids: tuple[str, ...]
    domain_ids: tuple[str, ...]
    domain: Whole
    reversed: npt.NDArray[np.bool_]
    codes: Real
    keyed_values: Real
    loadings: Real
    thresholds: Real
    shares: Real
    not_applicable: Real


def item_parameters(
    instrument: Instrument, *, loading: float, ceiling: float | None, not_applicable: float
) -> ItemParameters:
    """Lay out the items of an instrument.

    Parameters
    ----------
    instrument : Instrument
        Any instrument.
    loading : float
        Mean loading of the items.
    ceiling : float or None
        Mean share of the best answer; ``None`` for a bell-shaped distribution.
    not_applicable : float
        Mean share of "does not apply" among the answers given.

    Returns
    -------
    ItemParameters
    """
    scale = instrument.response_scale
    codes = np.sort(np.array([code.value for code in scale.codes], dtype=np.float64))
    n_items = len(instrument.item_ids)
    is_reversed = np.isin(instrument.item_ids, instrument.reversed_items)
    turned = (scale.minimum + scale.maximum) - codes[::-1]
    domain_ids, domain = _domains(instrument)
    shares = _shares(n_items, codes.size, ceiling)
    applies = not_applicable if scale.not_applicable else 0.0
    return ItemParameters(
        item_ids=tuple(instrument.item_ids),
        domain_ids=domain_ids,
        domain=domain,
        reversed=is_reversed,
        codes=codes,
        keyed_values=np.where(is_reversed[:, np.newaxis], turned, codes),
        loadings=_spread_out(loading, LOADING_SPREAD, n_items, STEP_LOADING),
        thresholds=ndtri(np.cumsum(shares, axis=1)[:, :-1]),
        shares=shares,
        not_applicable=_spread_out(applies, applies, n_items, STEP_NOT_APPLICABLE),
    )


def draw_categories(rng: np.random.Generator, traits: Real, items: ItemParameters) -> Whole:
    """Draw one answer a person and item, as a category number in keyed direction.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of chance.
    traits : numpy.ndarray, shape (n, D)
        Domain traits, standard normal over people.
    items : ItemParameters
        The items.

    Returns
    -------
    numpy.ndarray of int, shape (n, J)
        From 0, the worst answer, to K - 1, the best.
    """
    underlying = rng.standard_normal((traits.shape[0], items.loadings.size))
    underlying *= np.sqrt(1.0 - items.loadings**2)
    underlying += traits[:, items.domain] * items.loadings
    categories = np.zeros(underlying.shape, dtype=np.int64)
    for cut in items.thresholds.T:
        categories += underlying > cut
    return categories


def _domains(instrument: Instrument) -> tuple[tuple[str, ...], Whole]:
    """Return the domains and each item's place among them: the shortest scale that lists it."""
    lists = sorted((scale for scale in instrument.scales if scale.items), key=_length)
    home = {item: scale.id for scale in reversed(lists) for item in scale.items}
    homes = [home.get(item, NO_DOMAIN) for item in instrument.item_ids]
    names = tuple(dict.fromkeys(homes))
    return names, np.array([names.index(name) for name in homes], dtype=np.int64)


def _length(scale: Scale) -> int:
    return len(scale.items)


def _shares(n_items: int, n_codes: int, ceiling: float | None) -> Real:
    """Return wanted category shares, shape (n_items, n_codes), lowest category first."""
    if ceiling is None:
        evenly = OUTERMOST_CUT * (2.0 * np.arange(1, n_codes) / n_codes - 1.0)
        shift = THRESHOLD_SPREAD * _pattern(n_items, STEP_SHARE)
        below = ndtr(evenly + MIDDLE_CUT + shift[:, np.newaxis])
        return np.diff(below, axis=1, prepend=0.0, append=1.0)
    best = _spread_out(ceiling, SHARE_SPREAD, n_items, STEP_SHARE)
    fall = FALL_PER_CATEGORY ** np.arange(n_codes - 1)[::-1]
    rest = np.outer(1.0 - best, fall / fall.sum())
    return np.column_stack([rest, best])


def _spread_out(mean: float, most: float, n_items: int, step: float) -> Real:
    """Spread a share over items around its mean, never further than half way to 0 or 1."""
    width = min(most, mean / 2.0, (1.0 - mean) / 2.0)
    return mean + width * _pattern(n_items, step)


def _pattern(n_items: int, step: float) -> Real:
    """Return evenly spaced values from -1 to 1 in a fixed irregular order; their mean is 0."""
    if n_items == 1:
        return np.zeros(1)
    order = np.argsort(np.argsort(np.arange(n_items) * step % 1.0))
    return np.linspace(-1.0, 1.0, n_items)[order]
