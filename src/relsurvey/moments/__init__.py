"""The waist of the hourglass: rows in, small sums out, in one pass."""
