"""What happened to whom when workers and service users were joined."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from relsurvey.results import Drawn

__all__ = ["LinkLog"]


@dataclass(frozen=True, eq=False)
class LinkLog(Drawn):
    """Counts and lists of a linkage. Rows are counted as in a spreadsheet: heading is row 1.

    Attributes
    ----------
    on : str
        The id column.
    n_workers, n_service_users : int
        Rows that came in.
    n_workers_linked, n_service_users_linked : int
        Workers with at least one service user; service users with a worker.
    workers_without_id, service_users_without_id : int
        Rows with a missing or blank id.
    workers_unmatched, service_users_unmatched : pandas.DataFrame
        ``row`` and ``<on>`` of workers no service user belongs to, and of service users whose
        worker is not among the workers, in the order of the tables.
    near_misses : mapping of str to int
        Unmatched service users whose id would match if it were written the same way: what it
        differs in, and how many. They were not matched.
    renamed : mapping of str to str
        Columns of the workers that were renamed because service users have one of that name.
    users_per_worker : mapping of str to float or pandas.DataFrame
        Over linked workers: ``mean``, ``median``, ``sd``, ``minimum``, ``maximum``, and
        ``counts``, a frame of ``n_service_users`` and ``n_workers`` that have as many. ``sd``
        is NaN for one worker.
    team : str or None
        The team column of the linked frame.
    team_clashes : int
        Linked service users for whom both sides name a team, and not the same.
    """

    _figure: ClassVar[str] = "plot_link_log"

    on: str
    n_workers: int
    n_service_users: int
    n_workers_linked: int
    n_service_users_linked: int
    workers_without_id: int
    service_users_without_id: int
    workers_unmatched: pd.DataFrame
    service_users_unmatched: pd.DataFrame
    near_misses: Mapping[str, int]
    renamed: Mapping[str, str]
    users_per_worker: Mapping[str, Any]
    team: str | None
    team_clashes: int

    def unmatched(self) -> pd.DataFrame:
        """Return who could not be joined: personal data, unlike everything else here.

        Returns
        -------
        pandas.DataFrame
            ``side`` ("worker" or "service_user"), ``row`` and ``<on>``, the worker's id.
        """
        sides = {"worker": self.workers_unmatched, "service_user": self.service_users_unmatched}
        frames = [frame.assign(side=side) for side, frame in sides.items()]
        return pd.concat(frames, ignore_index=True)[["side", "row", self.on]]

    def to_dict(self) -> dict[str, Any]:
        """Return the counts, ready for ``json.dumps``; never the ids, see ``unmatched``."""
        listed = {"workers_unmatched", "service_users_unmatched"}
        counts = {f"n_{name}": len(getattr(self, name)) for name in sorted(listed)}
        entries = super().to_dict().items()
        return {name: value for name, value in entries if name not in listed} | counts

    def to_frame(self) -> pd.DataFrame:
        """Return one row a count: side, what, count."""
        rows = [
            ("workers", "in the table", self.n_workers),
            ("workers", "without an id", self.workers_without_id),
            ("workers", "without a service user", len(self.workers_unmatched)),
            ("workers", "linked", self.n_workers_linked),
            ("service users", "in the table", self.n_service_users),
            ("service users", "without a worker's id", self.service_users_without_id),
            ("service users", "with an unknown worker", len(self.service_users_unmatched)),
            ("service users", "linked", self.n_service_users_linked),
        ]
        rows += [
            ("service users", f"unknown worker, differs in {way}", count)
            for way, count in self.near_misses.items()
        ]
        if self.team is not None:
            rows.append(
                ("service users", "linked, another team than the worker", self.team_clashes)
            )
        return pd.DataFrame(rows, columns=["side", "what", "count"])

    def counts_text(self) -> list[str]:
        """Return how many were linked and how many were not, as lines for people."""
        users = self.users_per_worker
        lines = [
            f"  workers: {self.n_workers_linked:,} of {self.n_workers:,} linked; "
            f"{len(self.workers_unmatched):,} without a service user, "
            f"{self.workers_without_id:,} without an id",
            f"  service users: {self.n_service_users_linked:,} of {self.n_service_users:,} linked; "
            f"{len(self.service_users_unmatched):,} with an unknown worker, "
            f"{self.service_users_without_id:,} without an id",
            f"  service users per linked worker: mean {users['mean']:.1f}, "
            f"median {users['median']:g}, from {users['minimum']} to {users['maximum']}",
        ]
        lines += [
            f"  {count:,} of the unknown would match but for {way}; they were left unmatched"
            for way, count in self.near_misses.items()
        ]
        lines += [
            f"  the workers' column {old!r} is called {new!r}" for old, new in self.renamed.items()
        ]
        if self.team_clashes:
            lines.append(
                f"  {self.team_clashes:,} linked service users name another team than their worker"
            )
        return lines

    def _short_text(self) -> str:
        return (
            f"{self.n_service_users_linked:,} of {self.n_service_users:,} service users were "
            f"linked to {self.n_workers_linked:,} of {self.n_workers:,} workers."
        )

    def summary(self) -> str:
        """Return the linkage as a text for people."""
        lines = [f"Linked on {self.on}", *self.counts_text()]
        if len(self.workers_unmatched) or len(self.service_users_unmatched):
            lines.append("  the unmatched are listed in .unmatched() (--unmatched FILE)")
        return "\n".join(lines)
