"""Whether complete rows can carry a covariance model at all; said in words where not."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
import numpy.typing as npt

from relsurvey.errors import ModelError, listed
from relsurvey.moments.items import ItemMoments
from relsurvey.psychometrics.consistency import correlation_of
from relsurvey.psychometrics.reasons import constant_items, obstacle

__all__ = ["require_positive_definite", "require_usable"]

# The smallest eigenvalue of a correlation matrix below which items follow from each other.
SINGULAR = 1e-10
SHARE = 0.1  # of the largest weight, from which an item counts as part of the dependence


def require_usable(moments: ItemMoments, label: Hashable = None) -> None:
    """Make sure that every item varies and no item follows from the others.

    Parameters
    ----------
    moments : ItemMoments
        Listwise, of one group.
    label : hashable, optional
        Of the group, for messages.

    Raises
    ------
    ModelError
        Where nobody answered an item, an item is constant, there are no more rows than items,
        or items are perfectly correlated; the items are named.
    """
    where = in_group(label)
    reason = obstacle(moments)
    if reason:
        raise ModelError(
            f"No model can be fitted{where}: {reason}.",
            hint="Leave items out that were not answered, or collect more complete rows; "
            'estimator="FIML" also uses rows with missing answers.',
        )
    constant = constant_items(moments)
    if constant:
        raise ModelError(
            f"No model can be fitted{where}: {listed(constant)} "
            f"{'does' if len(constant) == 1 else 'do'} not vary among the complete rows.",
            hint="Everybody gave the same answer. Leave the item out of the model.",
            failures=[{"item": name} for name in constant],
        )
    p = len(moments.columns)
    if moments.n <= p:
        raise ModelError(
            f"{moments.n} complete rows are too few for {p} items{where}: "
            "their covariance matrix has no inverse.",
            hint=f"At least {p + 1} are needed for any answer, and many more for a good one; "
            'fit fewer items, or use estimator="FIML" where answers are missing.',
        )
    require_positive_definite(moments.columns, moments.covariance, label)


def require_positive_definite(
    items: Sequence[str], covariance: npt.NDArray[np.float64], label: Hashable = None
) -> None:
    """Refuse a covariance matrix in which items follow from each other.

    Raises
    ------
    ModelError
        Where it is not positive definite; the items concerned are named.
    """
    values, vectors = np.linalg.eigh(correlation_of(covariance))
    if values[0] > SINGULAR:
        return
    weights = np.abs(vectors[:, 0])
    among = [items[int(i)] for i in np.flatnonzero(weights > SHARE * weights.max())]
    said = (
        f"{among[0]} and {among[1]} are perfectly correlated"
        if len(among) == 2
        else f"among {listed(among, most=12)}, items follow from the others"
    )
    raise ModelError(
        f"No model can be fitted{in_group(label)}: {said}, and the covariance matrix is not "
        "positive definite.",
        hint="Look for the same item entered twice, or for a total among the items; leave one "
        "of them out.",
        failures=[{"item": name} for name in among],
    )


def in_group(label: Hashable) -> str:
    """Return where a message is about; nothing where there are no groups."""
    return "" if label is None else f" in group {label!r}"
