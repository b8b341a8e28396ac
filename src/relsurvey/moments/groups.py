"""The waist for linked rows: everything a two-level model needs, as sums per worker.

The rows are read once. A random-intercept model, its null model, worker means and the split
of a covariate into its within and between parts are all made of what is kept here: for each
group its number of rows and its column sums, and for all groups together the cross-products
of the deviations from the group means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from relsurvey.moments.group_columns import Floats

__all__ = ["EPSILON", "NO_VARIATION", "SAME", "GroupSums", "between_name", "within_name"]

EPSILON = float(np.finfo(np.float64).eps)
SAME = 64 * EPSILON  # of a mean: nothing but rounding
NO_VARIATION = 1e-9  # of a column's standard deviation: rounding, not a difference between rows


def within_name(name: str) -> str:
    """Return the label of a covariate's deviation from its group mean."""
    return f"{name} (within)"


def between_name(name: str) -> str:
    """Return the label of a covariate's group mean."""
    return f"{name} (between)"


@dataclass(frozen=True, eq=False)
class GroupSums:
    """Sums per group and pooled cross-products of k columns; J groups.

    Attributes
    ----------
    group : str
        The column that tells the groups apart.
    columns : tuple of str
        The k columns, in the order of the arrays.
    labels : tuple of str
        What they are called in messages: the names of the columns that were given.
    ids : numpy.ndarray of object
        Shape (J,): the group ids, in the order they appeared.
    counts : numpy.ndarray
        Shape (J,): rows per group, at least 1.
    centres : numpy.ndarray
        Shape (k,): what was subtracted from each column before anything was summed, so that a
        large offset costs no digits. Units of the column.
    units : numpy.ndarray
        Shape (k,): what each centred column was then divided by, so that no square is too
        large or too small to be held: the power of two next to its largest deviation.
    sums : numpy.ndarray
        Shape (J, k): sums per group of the columns so standardised.
    within : numpy.ndarray
        Shape (k, k): cross-products of their deviations from the group means, over all rows.
        Rows and columns of what does not vary within any group are exactly 0.
    varies : numpy.ndarray of bool
        Shape (J, k): whether the column varies within the group.
    n_dropped : int
        Rows left out because a column used, or the group, is missing.
    n_groups_dropped : int
        Groups of which no row was complete.
    missing : mapping of str to int
        Missing values per column, only where there are any; a row may miss several.
    within_each : numpy.ndarray or None
        Shape (J, k, k): the cross-products of deviations of each group apart; ``within`` is their
        sum. ``None`` unless asked for.
    nested_in : str or None
        The column of larger units (teams) that each group belongs to one of, if there is one.
    parents : numpy.ndarray of int or None
        Shape (J,): the unit of each group, as a position in ``parent_ids``.
    parent_ids : numpy.ndarray of object or None
        Shape (T,): ids of the larger units, in the order they appeared; T of them, each with a
        group.
    """

    group: str
    columns: tuple[str, ...]
    labels: tuple[str, ...]
    ids: npt.NDArray[np.object_]
    counts: Floats
    centres: Floats
    units: Floats
    sums: Floats
    within: Floats
    varies: npt.NDArray[np.bool_]
    n_dropped: int
    n_groups_dropped: int
    missing: Mapping[str, int]
    within_each: Floats | None = None
    nested_in: str | None = None
    parents: npt.NDArray[np.intp] | None = None
    parent_ids: npt.NDArray[np.object_] | None = None

    @property
    def n_groups(self) -> int:
        """Number of groups, J."""
        return len(self.counts)

    @cached_property
    def n_rows(self) -> int:
        """Number of rows used."""
        return int(self.counts.sum())

    @property
    def n_parents(self) -> int:
        """Number of larger units, T; 0 where there is no such level."""
        return 0 if self.parent_ids is None else len(self.parent_ids)

    @cached_property
    def varying(self) -> npt.NDArray[np.intp]:
        """In how many groups each column varies, shape (k,)."""
        varying: npt.NDArray[np.intp] = self.varies.sum(axis=0)
        return varying

    @property
    def means(self) -> Floats:
        """Group means in the units of the columns, shape (J, k)."""
        means: Floats = self.centres + self.units * (self.sums / self.counts[:, None])
        return means

    @cached_property
    def crossproducts(self) -> Floats:
        """Cross-products of the standardised columns over all rows, shape (k, k)."""
        total: Floats = self.within + (self.sums / self.counts[:, None]).T @ self.sums
        return total

    @cached_property
    def totals(self) -> Floats:
        """Sums of the standardised columns over all rows, shape (k,): 0 but for rounding."""
        total: Floats = self.sums.sum(axis=0)
        return total

    def place(self, name: str) -> int:
        """Return the position of a column."""
        return self.columns.index(name)

    def standard_deviation(self, name: str) -> float:
        """Return a column's standard deviation over rows (divisor n - 1); NaN for one row."""
        place, rows = self.place(name), self.n_rows
        if rows < 2:
            return float("nan")
        squares = self.crossproducts[place, place] - self.totals[place] ** 2 / rows
        return float(self.units[place] * np.sqrt(max(squares, 0.0) / (rows - 1)))

    def mean(self, name: str) -> float:
        """Return a column's mean over rows."""
        place = self.place(name)
        return float(self.centres[place] + self.units[place] * self.totals[place] / self.n_rows)

    def equal_means(self, name: str) -> bool:
        """Whether the groups' means of a column are the same, up to rounding."""
        place = self.place(name)
        means = self.sums[:, place] / self.counts
        spread = self.standard_deviation(name) / self.units[place]
        offset = abs(self.centres[place]) / self.units[place]
        # A split column's spread is that of one part; its rounding is of the whole column.
        return bool(np.ptp(means) <= NO_VARIATION * spread + SAME * (1.0 + offset))

    def split(self, names: Sequence[str]) -> GroupSums:
        """Replace columns by their within part and their group mean.

        Parameters
        ----------
        names : sequence of str
            The columns to be split; each gives two, labelled "<name> (within)", the deviation
            from the group mean, and "<name> (between)", the group mean.

        Returns
        -------
        GroupSums
            The same rows and groups; the columns stay in order.

        References
        ----------
        Mundlak, Y. (1978). On the pooling of time series and cross section data.
        Econometrica, 46(1), 69-85.
        """
        columns: list[str] = []
        labels: list[str] = []
        source: list[int] = []  # which column a new one is made of
        kept: list[tuple[bool, bool]] = []  # does it keep the within part, the group sums
        for place, name in enumerate(self.columns):
            if name in names:
                columns += [within_name(name), between_name(name)]
                labels += [f"{name!r} ({part})" for part in ("within", "between")]
                source += [place, place]
                kept += [(True, False), (False, True)]
            else:
                columns.append(name)
                labels.append(self.labels[place])
                source.append(place)
                kept.append((True, True))
        has_within, has_between = np.array(kept, dtype=float).T
        return replace(
            self,
            columns=tuple(columns),
            labels=tuple(labels),
            # A deviation from the group mean has no offset to take away.
            centres=self.centres[source] * has_between,
            units=self.units[source],
            sums=self.sums[:, source] * has_between,
            within=self.within[np.ix_(source, source)] * np.outer(has_within, has_within),
            varies=self.varies[:, source] & (has_within > 0),
            within_each=None
            if self.within_each is None
            else self.within_each[:, source][:, :, source] * np.outer(has_within, has_within),
        )

    def take(self, groups: npt.NDArray[np.intp] | npt.NDArray[np.bool_]) -> GroupSums:
        """Keep some of the groups, as if the rows of the others had not been there.

        Parameters
        ----------
        groups : numpy.ndarray
            Positions, each once, or a mask of shape (J,); at least one group.

        Returns
        -------
        GroupSums
            ``n_dropped`` and ``missing`` stay those of the table that was read. Centres and
            units stay, so that fits to different groups are on the same footing.

        Raises
        ------
        ValueError
            Where the sums were made without ``each_within``.
        """
        if self.within_each is None:
            raise ValueError("take() needs sums made with each_within=True")
        kept = np.arange(self.n_groups)[groups]
        each = self.within_each[kept]
        parents, parent_ids = None, None
        if self.parents is not None and self.parent_ids is not None:
            left, parents = np.unique(self.parents[kept], return_inverse=True)
            parent_ids = self.parent_ids[left]
        return replace(
            self,
            ids=self.ids[kept],
            counts=self.counts[kept],
            sums=self.sums[kept],
            within=each.sum(axis=0),
            within_each=each,
            varies=self.varies[kept],
            parents=parents,
            parent_ids=parent_ids,
        )

    def with_group_values(self, name: str, values: Floats) -> GroupSums:
        """Put another value for each group in the place of a column, which then varies no more.

        Parameters
        ----------
        name : str
            The column, of this table.
        values : numpy.ndarray
            Shape (J,): finite values, in the units of the column.

        Returns
        -------
        GroupSums
            The same rows and groups; every row of a group has its value.
        """
        place = self.place(name)
        centre = float(values @ self.counts) / self.n_rows
        peak = float(np.abs(values - centre).max())
        unit = float(np.ldexp(1.0, np.frexp(peak)[1])) if peak > 0 else 1.0
        arrays = [array.copy() for array in (self.centres, self.units, self.sums, self.within)]
        centres, units, sums, within = arrays
        centres[place], units[place] = centre, unit
        sums[:, place] = self.counts * (values - centre) / unit
        within[place] = within[:, place] = 0.0
        varies, each = self.varies.copy(), self.within_each
        varies[:, place] = False
        if each is not None:
            each = each.copy()
            each[:, place] = each[:, :, place] = 0.0
        return replace(
            self, centres=centres, units=units, sums=sums, within=within, varies=varies,
            within_each=each,
        )  # fmt: skip
