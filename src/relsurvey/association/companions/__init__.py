"""Other answers to the same question, to be read beside the primary model's."""
