"""What a reader of cluster-robust tests has to be told beside the numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from relsurvey.association.models.fit_notes import left_out_note
from relsurvey.association.models.likelihood import Floats
from relsurvey.moments.groups import GroupSums
from relsurvey.text import and_list, counted

__all__ = ["FEWEST_DF", "ols_notes"]

FEWEST_DF = 4.0
"""Below this many degrees of freedom even CR2 rejects wrongly too often (Tipton, 2015)."""
FEW_CLUSTERS = 40  # below it CR0, CR1 and CR1S reject too often (Cameron & Miller, 2015)
WHOLE = 1e-6  # by less than this the share that is seen differs from 1 by rounding


def ols_notes(
    table: pd.DataFrame,
    seen: Floats,
    sums: GroupSums,
    clusters: str,
    vcov: str,
    n_clusters: int,
) -> tuple[str, ...]:
    """Say what was left out, what rests on few clusters, and what on one.

    Parameters
    ----------
    table : pandas.DataFrame
        The coefficients.
    seen : numpy.ndarray
        Shape (p,): share of each coefficient's variance that the estimator sees.
    sums : GroupSums
        What the regression was fitted to.
    clusters : str
        The column of clusters.
    vcov : str
        The estimator.
    n_clusters : int
        How many clusters there are.

    References
    ----------
    Cameron, A. C., & Miller, D. L. (2015). A practitioner's guide to cluster-robust inference.
    Journal of Human Resources, 50(2), 317-372.
    Tipton, E. (2015). Small sample adjustments for robust variance estimation with
    meta-regression. Psychological Methods, 20(3), 375-393.
    """
    notes = []
    if sums.n_dropped:
        notes.append(left_out_note(sums))
    terms = table["term"].to_numpy()
    degrees = table["df"].to_numpy(float)
    unseen = np.isnan(degrees)
    if unseen.any():
        notes.append(
            f"No two clusters of {clusters} speak to {and_list(list(terms[unseen]))}: there is no "
            "standard error that allows for clusters."
        )
    alone = ~unseen & (seen < 1.0 - WHOLE) & (vcov in ("CR2", "CR3"))
    if alone.any():
        notes.append(
            f"One cluster of {clusters} alone decides a part of {and_list(list(terms[alone]))}; "
            "the standard error leaves that part out and may be too small."
        )
    few = ~unseen & (degrees < FEWEST_DF)
    if few.any():
        cases = [f"{term} {df:.1f}" for term, df in zip(terms[few], degrees[few], strict=True)]
        notes.append(
            f"Too few clusters bear on {and_list(list(terms[few]))} for p value and interval to be "
            f"relied on: degrees of freedom below {FEWEST_DF:g} ({and_list(cases)})."
        )
    if vcov in ("CR0", "CR1", "CR1S") and n_clusters < FEW_CLUSTERS:
        notes.append(
            f"With {counted(n_clusters, 'cluster')} {vcov} rejects too often; CR2 is made for few."
        )
    return tuple(notes)
