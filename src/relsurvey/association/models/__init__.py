"""Random-intercept models: the likelihood, its maximum, and the tests of what was found."""

from relsurvey.association.models.mixed import MixedResult, fit_mixed

__all__ = ["MixedResult", "fit_mixed"]
