"""How small a group may be before nothing is said about it: one rule for every threshold."""

from __future__ import annotations

from numbers import Integral

from relsurvey.errors import ModelError, RelSurveyError

__all__ = ["LOWEST_THRESHOLD", "USUAL_THRESHOLD", "require_threshold"]

# The lowest threshold in use by a body that publishes one (SAIL Databank: counts under 5).
LOWEST_THRESHOLD = 5
USUAL_THRESHOLD = 10


def require_threshold(
    threshold: object, of: str = "groups", error: type[RelSurveyError] = ModelError
) -> int:
    """Return the fewest people or groups in a cell that is shown, or say that it cannot be.

    Parameters
    ----------
    threshold : object
        What was given.
    of : str
        What is counted, for the message.
    error : type of RelSurveyError
        What to raise.

    Raises
    ------
    RelSurveyError
        Of the type asked for, where it is no whole number, or lower than 5: one that protects
        nobody is refused rather than raised unsaid.

    Examples
    --------
    >>> require_threshold(12)
    12
    >>> require_threshold(3)
    Traceback (most recent call last):
    relsurvey.errors.ModelError: threshold must be a whole number of 5 or more; it is 3.
    It is the fewest groups in a cell that is shown: 10 unless given. A lower one protects nobody.
    """
    number = 0
    if isinstance(threshold, Integral) and not isinstance(threshold, bool):
        number = int(threshold)
    if number < LOWEST_THRESHOLD:
        raise error(
            f"threshold must be a whole number of {LOWEST_THRESHOLD} or more; it is {threshold!r}.",
            hint=f"It is the fewest {of} in a cell that is shown: {USUAL_THRESHOLD} unless given. "
            "A lower one protects nobody.",
        )
    return number
