"""The fit behind a result, for what is worked out from it afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relsurvey.association.models.fit import MixedFit
from relsurvey.errors import ModelError

if TYPE_CHECKING:
    from relsurvey.association.models.mixed import MixedResult

__all__ = ["fit_of"]


def fit_of(result: MixedResult | MixedFit) -> MixedFit:
    """Return the fit of a model, or refuse what is none.

    Raises
    ------
    ModelError
        Where ``result`` is neither a result of ``fit_mixed`` nor a fit.
    """
    if isinstance(result, MixedFit):
        return result
    fit = getattr(result, "_fit", None)
    if isinstance(fit, MixedFit):
        return fit
    raise ModelError(
        f"A fitted mixed model is needed; this is a {type(result).__name__}.",
        hint="Give the result of fit_mixed(), or the .model of an association.",
    )
