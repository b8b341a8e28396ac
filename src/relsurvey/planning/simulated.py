"""A drawn study: both files, what they were drawn from, and the traits nobody sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from relsurvey.results import Drawn

__all__ = ["SimulatedStudy"]


@dataclass(frozen=True)
class SimulatedStudy(Drawn):
    """Two files as a survey platform would export them, and what they were drawn from.

    Attributes
    ----------
    workers : pandas.DataFrame
        One row a worker who answered: ``worker_id``, ``team`` (text), then one column an item.
        Codes as answered, not reversed; NaN is a cell left blank.
    service_users : pandas.DataFrame
        One row a service user: ``respondent_id``, ``worker_id`` (text, missing where the
        worker is not named), then one column an item. As above; "does not apply" is the
        instrument's first code for it, as a number where it is one.
    truth : dict
        ``parameters``: every argument. ``latent``: population values of the traits.
        ``scores``: what the scores of an endless study without holes would come to: ``workers``
        and ``service_users`` (by scale: mean, sd, alpha, and icc), ``slope`` and
        ``correlation`` (by worker scale and service-user scale). ``items``: loading,
        discrimination, thresholds (keyed direction), shares of each code as answered, share
        of "does not apply".
    latent_workers : pandas.DataFrame
        One row a worker, those who did not answer included: ``worker_id``, ``team``,
        ``answered``, ``reflective_capacity``, ``mean_experience``, ``trait_<domain>``.
        Standard scores.
    latent_service_users : pandas.DataFrame
        One row a service user, in the order of ``service_users``: ``respondent_id``,
        ``worker_id`` (the true one, always there), ``experience``, ``trait_<domain>``.
    """

    _figure: ClassVar[str] = "plot_simulated"

    workers: pd.DataFrame
    service_users: pd.DataFrame
    truth: dict[str, Any]
    latent_workers: pd.DataFrame
    latent_service_users: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """Return parameters and population values of traits and scores.

        Returns
        -------
        pandas.DataFrame
            Columns ``part`` (parameter, trait, or the side and scale a score belongs to),
            ``quantity``, ``value``. Items are in ``truth`` only.
        """
        scores = self.truth["scores"]
        parts: dict[str, dict[str, Any]] = {
            "parameter": self.truth["parameters"],
            "trait": self.truth["latent"],
        }
        for side in ("workers", "service_users"):
            parts |= {f"{side}: {scale}": values for scale, values in scores[side].items()}
        for predictor, outcomes in scores["slope"].items():
            for outcome, slope in outcomes.items():
                correlation = scores["correlation"][predictor][outcome]
                parts[f"{outcome} on {predictor}"] = {"slope": slope, "correlation": correlation}
        rows = [
            (part, name, value) for part, values in parts.items() for name, value in values.items()
        ]
        return pd.DataFrame(rows, columns=["part", "quantity", "value"])

    def summary(self) -> str:
        """Return what was drawn, in a few lines."""
        asked, latent = self.truth["parameters"], self.truth["latent"]
        return "\n".join(
            [
                f"Simulated study, seed {asked['seed']} (nobody in it is real)",
                f"{len(self.workers)} workers in {asked['n_teams']} teams answered "
                f"{asked['instrument_workers']}; {asked['unmatched_workers']} of them have no "
                "service user",
                f"{len(self.service_users)} service users answered "
                f"{asked['instrument_service_users']}; {asked['unmatched_service_users']} name a "
                f"worker who did not answer, {asked['without_id']} name none",
                f"Correlation of reflective capacity and mean experience: "
                f"{latent['correlation']:.2f}; intraclass correlation of experience: "
                f"{latent['icc']:.2f}",
            ]
        )
