"""What the panel comes to, in plain English."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from relsurvey.association.companions.companion import Companion
from relsurvey.association.panel.result import COMPANION
from relsurvey.association.panel.verdicts import CANNOT, points_up, says
from relsurvey.text import and_list, counted, p_value_text

__all__ = ["panel_sentence"]


def panel_sentence(
    table: pd.DataFrame,
    alpha: float,
    outcome: str,
    predictor: str,
    *,
    p_words: Callable[[float], str] = p_value_text,
) -> str:
    """Say how far the others bear the primary out; the primary stays what it is.

    Parameters
    ----------
    table : pandas.DataFrame
        Of ``Companions``.
    alpha : float
        Two-sided error probability.
    outcome, predictor : str
        What they are called in the sentence.
    p_words : callable
        How p is written.

    Returns
    -------
    str
        Which method found what, how many of the others agree, and which do not, cannot tell, or
        point the other way.
    """
    first = table.iloc[0].drop(["standing", "agrees"])
    primary = Companion(**{str(name): value for name, value in first.items()})
    others = table[table["standing"] == COMPANION]
    compared = others[~others["agrees"].isin(["", CANNOT])]
    unable = others.loc[others["agrees"] == CANNOT, "name"].tolist()
    found = says(primary, alpha)
    finding = "no clear association"
    if found:
        finding = f"a {'higher' if found > 0 else 'lower'} {outcome} where {predictor} is higher"
    start = f"{primary.name}, the primary method, finds {finding} ({p_words(primary.p_value)})"
    ending = []
    if unable:
        verb = "has" if len(unable) == 1 else "have"
        ending.append(f"{_names(unable)} {verb} too little to go on.")
    alike, turned = ([], []) if found else _by_sign(primary, compared[compared["agrees"] == "yes"])
    if turned:
        verb = "points" if len(turned) == 1 else "point"
        ending.append(f"{_names(turned)} {verb} the other way, not beyond chance.")
    if not len(compared):
        return " ".join([f"{start}; no other method can be compared with it.", *ending])
    partly, differ = (
        compared.loc[compared["agrees"] == word, "name"].tolist() for word in ("partly", "no")
    )
    if not partly and not differ:
        return " ".join([f"{start}{_all_alike(len(compared), len(alike), turned)}", *ending])
    agreed = len(compared) - len(differ) - len(partly) - len(turned)
    sentences = [f"{start}.", f"{agreed} of {len(compared)} other methods agree."]
    if partly:
        verb, what = ("points", "does") if len(partly) == 1 else ("point", "do")
        beyond = f"{what} not find it beyond chance" if found else "take it for beyond chance"
        beyond = "takes it for beyond chance" if not found and len(partly) == 1 else beyond
        sentences.append(f"{_names(partly)} {verb} the same way but {beyond}.")
    if differ:
        verb = "points" if len(differ) == 1 else "point"
        sentences.append(f"{_names(differ)} {verb} the other way.")
    return " ".join([*sentences, *ending, "Read the result with that in mind."])


def _all_alike(n_compared: int, n_alike: int, turned: Sequence[str]) -> str:
    """Say that the others agree; or, where some have the other sign, that none finds one either."""
    methods = counted(n_compared, "other method")
    if not turned:
        return f", and {methods} that can be compared agree."
    if n_compared == 1:
        return "; the other method that can be compared finds none either."
    point = "points" if n_alike == 1 else "point"
    return (
        f"; none of {methods} that can be compared finds one either, and {n_alike or 'none'} of "
        f"them {point} the same way."
    )


def _names(methods: Sequence[str]) -> str:
    """List methods as in a sentence; names of several parts stand between semicolons."""
    if len(methods) < 2 or not any("," in name for name in methods):
        return and_list(methods)
    return f"{'; '.join(methods[:-1])}; and {methods[-1]}"


def _by_sign(primary: Companion, compared: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Name the methods whose estimate has the sign of the primary one, and the other one.

    A Bayes factor has none, and is in neither.
    """
    signed = compared[~compared["scale"].str.startswith("Bayes factor")]
    none = signed["scale"].str.lower().str.startswith("odds ratio").astype(float)
    same = (signed["estimate"] > none) == points_up(primary)
    return signed.loc[same, "name"].tolist(), signed.loc[~same, "name"].tolist()
