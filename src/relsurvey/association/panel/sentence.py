"""What the panel comes to, in plain English."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from relsurvey.association.companions.companion import Companion
from relsurvey.association.panel.result import COMPANION
from relsurvey.association.panel.verdicts import CANNOT, points_up, says
from relsurvey.text import and_list, counted, p_value_text

__all__ = ["panel_sentence"]


def panel_sentence(table: pd.DataFrame, alpha: float, outcome: str, predictor: str) -> str:
    """Say how far the others bear the primary out; the primary stays what it is.

    Parameters
    ----------
    table : pandas.DataFrame
        Of ``Companions``.
    alpha : float
        Two-sided error probability.
    outcome, predictor : str
        What they are called in the sentence.

    Returns
    -------
    str
        Which method found what, how many of the others agree, and which do not, cannot tell, or
        have the other sign.
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
    start = (
        f"{primary.name}, the method fixed beforehand, finds {finding} "
        f"({p_value_text(primary.p_value)})"
    )
    ending = []
    if unable:
        verb = "has" if len(unable) == 1 else "have"
        ending.append(f"{_names(unable)} {verb} too little to go on.")
    turned = _other_sign(primary, compared) if not found else []
    if turned:
        verb = "has" if len(turned) == 1 else "have"
        ending.append(f"{_names(turned)} {verb} the other sign.")
    if not len(compared):
        return " ".join([f"{start}; no other method can be compared with it.", *ending])
    partly, differ = (
        compared.loc[compared["agrees"] == word, "name"].tolist() for word in ("partly", "no")
    )
    if not partly and not differ:
        agree = f"{start}, and {counted(len(compared), 'other method')} that can be compared agree."
        return " ".join([agree, *ending])
    agreed = len(compared) - len(differ) - len(partly)
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


def _names(methods: Sequence[str]) -> str:
    """List methods as in a sentence; names of several parts stand between semicolons."""
    if len(methods) < 2 or not any("," in name for name in methods):
        return and_list(methods)
    return f"{'; '.join(methods[:-1])}; and {methods[-1]}"


def _other_sign(primary: Companion, compared: pd.DataFrame) -> list[str]:
    """Name the methods whose estimate has the other sign than that of the primary one."""
    signed = compared[~compared["scale"].str.startswith("Bayes factor")]
    none = signed["scale"].str.lower().str.startswith("odds ratio").astype(float)
    up = signed["estimate"] > none
    return signed.loc[up != points_up(primary), "name"].tolist()
