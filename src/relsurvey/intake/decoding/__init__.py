"""What the cells of the items mean: codes, and reasons where there is none."""
