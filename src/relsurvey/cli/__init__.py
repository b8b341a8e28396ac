"""The command line: one module a command, each only wires; see ``commands/``."""

from relsurvey.cli.app import main

__all__ = ["main"]
