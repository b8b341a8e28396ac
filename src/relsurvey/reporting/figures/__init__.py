"""The figures of a report: each takes results and gives an Axes, or a drawing with its words."""
