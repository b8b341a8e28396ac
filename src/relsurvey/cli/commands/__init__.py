"""One module a command. Each takes its options, calls the package, and prints what comes back."""
