"""How many people to ask: studies drawn from known parameters."""

from relsurvey.planning.simulate import simulate_study
from relsurvey.planning.simulated import SimulatedStudy

__all__ = ["SimulatedStudy", "simulate_study"]
