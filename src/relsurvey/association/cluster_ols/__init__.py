"""Ordinary regression whose errors allow for clusters, also where clusters are few."""

from relsurvey.association.cluster_ols.ols import OlsResult, cluster_ols, fit_cluster_ols

__all__ = ["OlsResult", "cluster_ols", "fit_cluster_ols"]
