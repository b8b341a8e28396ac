"""``python -m relsurvey`` is the command ``relsurvey``."""

from relsurvey.cli import main

main()
