"""The three-level model by full covariance matrices, for small data."""

from __future__ import annotations

import numpy as np
import pandas as pd


def drawn(seed: int, units=(2, 1, 4, 3, 5, 2), *, unit_sd=0.8, group_sd=0.6) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    unit = np.repeat(np.arange(len(units)), units)
    group = np.repeat(np.arange(len(unit)), random.integers(1, 7, len(unit)))
    w = random.normal(size=len(unit))[group]
    x = random.normal(size=len(group))
    shift = unit_sd * random.normal(size=len(units))[unit][group]
    shift += group_sd * random.normal(size=len(unit))[group]
    y = 2.0 + 0.5 * w - 0.3 * x + shift + random.normal(size=len(group))
    return pd.DataFrame({"team": unit[group], "worker": group, "w": w, "x": x, "y": y})


class Dense:
    """V = s0 I + s1 [same group] + s2 [same unit]."""

    def __init__(self, frame: pd.DataFrame, predictors, levels=("worker", "team")) -> None:
        self.X = np.column_stack([np.ones(len(frame)), *(frame[name] for name in predictors)])
        self.y = frame["y"].to_numpy()
        codes = [frame[level].to_numpy() for level in levels]
        self.G = [np.eye(len(frame)), *(np.equal.outer(c, c).astype(float) for c in codes)]

    def parts(self, variances):
        V = sum(v * g for v, g in zip(variances, self.G, strict=True))
        inverse = np.linalg.inv(V)
        covariance = np.linalg.inv(self.X.T @ inverse @ self.X)
        return V, inverse, covariance

    def deviance(self, variances, *, reml: bool) -> float:
        V, inverse, covariance = self.parts(variances)
        off = self.y - self.X @ (covariance @ self.X.T @ inverse @ self.y)
        n, p = self.X.shape
        deviance = n * np.log(2 * np.pi) + np.linalg.slogdet(V)[1] + off @ inverse @ off
        if reml:
            deviance -= np.linalg.slogdet(covariance)[1] + p * np.log(2 * np.pi)
        return float(deviance)

    def kenward_roger(self, variances):
        """Return the adjusted covariance, and the df of each effect, by the paper's formulas."""
        _, inverse, covariance = self.parts(variances)
        projection = inverse - inverse @ self.X @ covariance @ self.X.T @ inverse
        information = 0.5 * np.array(
            [[np.trace(projection @ a @ projection @ b) for b in self.G] for a in self.G]
        )
        spread = np.linalg.inv(information)
        P = [-self.X.T @ inverse @ g @ inverse @ self.X for g in self.G]
        added = np.zeros_like(covariance)
        for i, a in enumerate(self.G):
            for j, b in enumerate(self.G):
                Q = self.X.T @ inverse @ a @ inverse @ b @ inverse @ self.X
                added += spread[i, j] * (Q - P[i] @ covariance @ P[j])
        slopes = np.array([np.diag(covariance @ one @ covariance) for one in P])
        slopes /= np.diag(covariance)
        df = 2.0 / np.einsum("ik,ij,jk->k", slopes, spread, slopes)
        return covariance + 2 * covariance @ added @ covariance, df
