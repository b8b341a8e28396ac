"""Do the two go together: random-intercept models and what workers' scores go with."""

from relsurvey.association.associate import AssociationResult, associate
from relsurvey.association.models import MixedResult, fit_mixed

__all__ = ["AssociationResult", "MixedResult", "associate", "fit_mixed"]
