"""Lets the tests of a platform import the module that makes its files."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
