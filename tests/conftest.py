"""Settings for the whole suite."""

import os

from hypothesis import settings

# Property tests draw new examples on every run of a person's, and the same ones in CI, so that a
# change is not stopped by an old fault that another draw finds.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("person", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "person")


def pytest_collection_modifyitems(items):
    """Begin with the one long test, so that several processes end at about the same time."""
    items.sort(key=lambda item: "wheel" not in item.name)
