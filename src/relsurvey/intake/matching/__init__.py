"""Which column of an export is which item, by map, id, code, wording, and at last likeness."""
