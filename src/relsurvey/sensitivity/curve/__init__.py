"""The specification curve: every combination of defensible choices, and the curve by chance."""
