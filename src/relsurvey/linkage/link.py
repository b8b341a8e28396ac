"""Join one worker row to many service-user rows, and account for everyone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import narwhals as nw
import numpy as np
import numpy.typing as npt
import pandas as pd

from relsurvey.errors import LinkError, listed
from relsurvey.frames import spreadsheet_rows
from relsurvey.linkage.checks import (
    eager_frame,
    nobody_linked,
    require_columns,
    require_same_kind,
    rows_by_id,
)
from relsurvey.linkage.ids import SIDES, Ids, near_miss, read_ids
from relsurvey.linkage.log import LinkLog
from relsurvey.results import Drawn

__all__ = ["Linked", "link"]

PREFIX = "worker_"


@dataclass(frozen=True, eq=False)
class Linked(Drawn):
    """Service users with the answers of their worker beside their own.

    Attributes
    ----------
    frame : frame
        Of the kind of the service users' frame: its linked rows in their order, then the
        workers' columns.
    log : LinkLog
        Who was linked and who was not.
    on : str
        The id column.
    team : str or None
        The team column of ``frame``.
    """

    _figure: ClassVar[str] = "plot_linked"

    frame: Any
    log: LinkLog
    on: str
    team: str | None

    def to_frame(self) -> pd.DataFrame:
        """Return the counts of the log; the linked rows themselves are ``frame``."""
        return self.log.to_frame()

    def to_dict(self) -> dict[str, Any]:
        """Return the log, ready for ``json.dumps``; never the rows, which are personal data."""
        return {"on": self.on, "team": self.team, "log": self.log.to_dict()}

    def _short_text(self) -> str:
        return self.log.to_text()

    def summary(self) -> str:
        """Return the linkage as a text for people."""
        return self.log.summary()


def link(
    workers: Any, service_users: Any, *, on: str = "worker_id", team: str | None = None
) -> Linked:
    """Join service users to their workers.

    Parameters
    ----------
    workers : frame
        One row a worker: pandas, Polars (eager or lazy) or another frame Narwhals knows. Where
        it was read from a file, its index named "row" says in which row someone stands.
    service_users : frame
        One row a service user; the frame may be of another kind.
    on : str, default "worker_id"
        The id of the worker, a column of both. Ids are compared as text exactly as they are:
        "007", "7" and "7 " are three workers.
    team : str, optional
        The team column, of the workers or else of the service users.

    Returns
    -------
    Linked
        Only service users whose worker is there; the order of rows is kept. A workers' column
        whose name the service users have too gets the prefix "worker_".

    Raises
    ------
    LinkError
        Where ``on`` or ``team`` is not a column; a worker id is there twice; one side has text
        ids and the other numbers; ids cannot be told apart; nobody could be linked; a column
        cannot be put into the other kind of frame; or renaming would give two columns one name.

    Examples
    --------
    >>> workers = pd.DataFrame({"worker_id": ["a", "b"], "reflection": [3.5, 5.0]})
    >>> users = pd.DataFrame({"worker_id": ["b", "a", "b", "x"], "experience": [4, 3, 5, 1]})
    >>> linked = link(workers, users)
    >>> linked.frame
      worker_id  experience  reflection
    0         b           4         5.0
    1         a           3         3.5
    2         b           5         5.0
    >>> linked.log.n_service_users_linked, linked.log.service_users_unmatched["row"].tolist()
    (3, [5])
    """
    sides = {
        "workers": eager_frame(workers, "workers"),
        "service_users": eager_frame(service_users, "service_users"),
    }
    require_columns(sides, on, team)
    ids = {side: read_ids(frame.get_column(on), side) for side, frame in sides.items()}
    require_same_kind(ids, on)
    rows = {side: spreadsheet_rows(frame) for side, frame in sides.items()}
    row_of = rows_by_id(ids["workers"], on, rows["workers"])
    users = ids["service_users"]
    # One more than there are ids: code -1, no id, takes the last.
    places = np.array([*(row_of.get(text, -1) for text in users.texts), -1])[users.codes]
    if not (places >= 0).any():
        raise nobody_linked(ids, on)
    joined, renamed = _joined(sides, places, on)
    strangers = _strangers(users, places, rows["service_users"], on)
    team_column = renamed.get(team, team) if team is not None else None
    log = LinkLog(
        on=on,
        n_workers=len(sides["workers"]),
        n_service_users=len(sides["service_users"]),
        n_workers_linked=len(np.unique(places[places >= 0])),
        n_service_users_linked=int((places >= 0).sum()),
        workers_without_id=ids["workers"].n_blank,
        service_users_without_id=users.n_blank,
        renamed=renamed,
        users_per_worker=_users_per_worker(places),
        team=team_column,
        team_clashes=_team_clashes(joined, team, team_column),
        workers_unmatched=_unlinked_workers(row_of, places, rows["workers"], on),
        service_users_unmatched=strangers,
        near_misses=near_miss(strangers[on], row_of),
    )
    native = joined.to_native()
    if nw.dependencies.is_into_dataframe(service_users):
        return Linked(native, log, on, team_column)
    kind = nw.from_native(service_users).implementation
    return Linked(joined.lazy(backend=kind).to_native(), log, on, team_column)


def _joined(
    sides: Mapping[str, nw.DataFrame[Any]], places: npt.NDArray[np.intp], on: str
) -> tuple[nw.DataFrame[Any], dict[str, str]]:
    """Return the linked service users with the workers' columns, and the columns renamed."""
    workers, users = sides["workers"], sides["service_users"]
    names = [name for name in workers.columns if name != on]
    renamed = {name: PREFIX + name for name in names if name in users.columns}
    final = [renamed.get(name, name) for name in names]
    twice = [name for name in final if name in users.columns or final.count(name) > 1]
    if twice:
        raise LinkError(
            f"Two columns would be called {listed([repr(name) for name in dict.fromkeys(twice)])}.",
            hint=f"A workers' column that service users have too gets the prefix {PREFIX!r}; "
            "rename one of them first.",
        )
    linked = users.filter((places >= 0).tolist())
    linked = nw.maybe_reset_index(linked)
    rows = places[places >= 0].tolist()
    same_kind = workers.implementation == users.implementation
    gathered = nw.maybe_reset_index(workers[rows, :])
    columns = []
    for name, new in zip(names, final, strict=True):
        series = gathered.get_column(name)
        columns.append((series if same_kind else _converted(series, users)).alias(new))
    return (linked.with_columns(*columns) if columns else linked), renamed


def _converted(series: nw.Series[Any], users: nw.DataFrame[Any]) -> nw.Series[Any]:
    """Return a column of the workers as one of the kind of the service users' frame."""
    values = [
        None if pd.api.types.is_scalar(value) and pd.isna(value) else value
        for value in series.to_list()
    ]
    try:
        return nw.new_series(series.name, values, backend=users.implementation)
    except (TypeError, ValueError, OverflowError) as problem:
        raise LinkError(
            f"The column {series.name!r} of {SIDES['workers']} cannot be put into a frame of the "
            "kind of the service users'.",
            hint="Its values have to be of one type, all text or all numbers: convert it with "
            ".astype(str) or .astype(float), or give both tables as frames of one kind.",
        ) from problem


def _team_clashes(joined: nw.DataFrame[Any], team: str | None, column: str | None) -> int:
    if team is None or column is None or team == column:
        return 0
    own = read_ids(joined.get_column(team), "service_users").by_row()
    theirs = read_ids(joined.get_column(column), "workers").by_row()
    pairs = zip(own, theirs, strict=True)
    return sum(one is not None and two is not None and one != two for one, two in pairs)


def _users_per_worker(places: npt.NDArray[np.intp]) -> dict[str, Any]:
    users = np.unique(places[places >= 0], return_counts=True)[1]
    sizes, workers = np.unique(users, return_counts=True)
    return {
        "mean": float(users.mean()),
        "median": float(np.median(users)),
        "sd": float(users.std(ddof=1)) if len(users) > 1 else float("nan"),
        "minimum": int(users.min()),
        "maximum": int(users.max()),
        "counts": pd.DataFrame({"n_service_users": sizes, "n_workers": workers}),
    }


def _unlinked_workers(
    row_of: Mapping[str, int],
    places: npt.NDArray[np.intp],
    rows: npt.NDArray[np.int64],
    on: str,
) -> pd.DataFrame:
    linked = set(places[places >= 0].tolist())
    alone = {text: int(rows[place]) for text, place in row_of.items() if place not in linked}
    return pd.DataFrame({"row": pd.Series(alone.values(), dtype="int64"), on: list(alone)})


def _strangers(
    users: Ids, places: npt.NDArray[np.intp], rows: npt.NDArray[np.int64], on: str
) -> pd.DataFrame:
    unknown = np.flatnonzero((places < 0) & (users.codes >= 0))
    texts = [users.texts[code] for code in users.codes[unknown]]
    return pd.DataFrame({"row": rows[unknown], on: texts})
