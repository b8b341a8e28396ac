"""The error in the worker's score, carried into the model: what was lost, and to what."""

from relsurvey.association.measurement_error.carried import measurement_error
from relsurvey.association.measurement_error.result import MeasurementError

__all__ = ["MeasurementError", "measurement_error"]
