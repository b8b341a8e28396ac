"""Terms of the primary model as columns of rows, for models that are not fitted to sums."""

from __future__ import annotations

import numpy as np

from relsurvey.moments.groups import between_name, within_name
from relsurvey.sensitivity.question import Floats, Question

__all__ = ["design_matrix", "split_columns"]


def split_columns(question: Question, terms: tuple[str, ...]) -> dict[str, Floats]:
    """Return the within and between parts that terms name, as columns of rows.

    Parameters
    ----------
    question : Question
        Of rows that are all complete.
    terms : tuple of str
        Of its model, as ``prepare`` names them.

    Returns
    -------
    dict of str to numpy.ndarray
        Shape (rows,) each.
    """
    codes = question.columns[question.group].astype(np.intp)
    counts = np.maximum(np.bincount(codes), 1)
    made: dict[str, Floats] = {}
    for name in question.covariates:
        values = question.columns[name]
        means = (np.bincount(codes, weights=values) / counts)[codes]
        parts = {within_name(name): values - means, between_name(name): means}
        made |= {label: part for label, part in parts.items() if label in terms}
    return made


def design_matrix(question: Question, terms: tuple[str, ...]) -> Floats:
    """Return intercept and terms, shape (rows, p); each is centred but for the intercept.

    Parameters
    ----------
    question : Question
        Of rows that are all complete.
    terms : tuple of str
        Of its model.
    """
    columns = {**question.columns, **split_columns(question, terms)}
    values = np.column_stack([columns[name] for name in terms])
    return np.column_stack([np.ones(len(values)), values - values.mean(axis=0)])
