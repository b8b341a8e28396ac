"""The parts of a report, one module each, in the order in which they are read."""
