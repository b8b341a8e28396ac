"""Lets the tests of the round trip import the modules that make instruments and exports."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
