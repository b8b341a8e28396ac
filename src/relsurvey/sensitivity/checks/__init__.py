"""One module a check: one thing that could fool us, one public function."""
