"""Small instruments, and frames of every kind that is installed."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import Any

import pandas as pd
import polars as pl
import pytest

from relsurvey.instruments import Instrument

Cells = dict[str, list[float | None]]


def scale(key: str, **settings: Any) -> dict[str, Any]:
    """Return a scale's definition, with what every scale needs."""
    settings.setdefault("minimum", 0)
    settings.setdefault("maximum", 3)
    settings.setdefault("minimum_answered", {"count": 1})
    settings.setdefault("method", "mean")
    return {"id": key, "title": f"Scale {key}", **settings}


def make(
    items: list[str],
    scales: list[dict[str, Any]],
    *,
    reverse: tuple[str, ...] = (),
    not_applicable: tuple[str, ...] = (),
    missing: tuple[str, ...] = (),
    codes: tuple[float, ...] = (0, 1, 2, 3),
) -> Instrument:
    """Return an instrument of those items and scales."""
    return Instrument.model_validate(
        {
            "id": "tiny",
            "version": "1.0.0",
            "status": "draft",
            "title": "Tiny",
            "short_title": "Tiny",
            "construct": "nothing",
            "respondent": "worker",
            "description": "For tests.",
            "sources": [{"citation": "None.", "licence": "None."}],
            "languages": ["en-GB"],
            "response_scale": {
                "minimum": min(codes),
                "maximum": max(codes),
                "codes": [{"value": code} for code in codes],
                "not_applicable": [{"code": code} for code in not_applicable],
                "missing": [{"code": code, "reason": "unanswered"} for code in missing],
            },
            "items": [
                {"id": item, "gist": f"Gist of {item}", "reverse": item in reverse}
                for item in items
            ],
            "scales": scales,
        }
    )


@pytest.fixture
def instrument() -> Callable[..., Instrument]:
    return make


@pytest.fixture
def a_scale() -> Callable[..., dict[str, Any]]:
    return scale


def _pandas(cells: dict[str, list[Any]]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(column) for name, column in cells.items()})


def _pandas_nullable(cells: dict[str, list[Any]]) -> pd.DataFrame:
    return pd.DataFrame(
        {name: pd.array(column, dtype=_type(column)) for name, column in cells.items()}
    )


def _type(column: list[Any]) -> str:
    return "string" if any(isinstance(cell, str) for cell in column) else "Int64"


def _pandas_object_blank(cells: dict[str, list[Any]]) -> pd.DataFrame:
    frame = _pandas(cells)
    blank = [name for name in frame if frame[name].isna().all()]
    return frame.astype(dict.fromkeys(blank, object))


def _polars(cells: dict[str, list[Any]]) -> pl.DataFrame:
    return pl.DataFrame(cells, strict=False)


def _polars_small(cells: dict[str, list[Any]]) -> pl.DataFrame:
    numbers = [name for name, column in cells.items() if _type(column) == "Int64"]
    return pl.DataFrame(cells, strict=False).with_columns(pl.col(numbers).cast(pl.Int8))


def _polars_nan(cells: dict[str, list[Any]]) -> pl.DataFrame:
    numbers = [name for name, column in cells.items() if _type(column) == "Int64"]
    return pl.DataFrame(cells, strict=False).with_columns(
        pl.col(numbers).cast(pl.Float64).fill_null(float("nan"))
    )


def _polars_lazy(cells: dict[str, list[Any]]) -> pl.LazyFrame:
    return _polars(cells).lazy()


KINDS: dict[str, Callable[[dict[str, list[Any]]], Any]] = {
    "pandas": _pandas,
    "pandas nullable": _pandas_nullable,
    "pandas object blanks": _pandas_object_blank,
    "polars": _polars,
    "polars int8": _polars_small,
    "polars nan": _polars_nan,
    "polars lazy": _polars_lazy,
}

if importlib.util.find_spec("pyarrow"):
    import pyarrow as pa

    KINDS["pyarrow"] = pa.table
    KINDS["pandas pyarrow"] = lambda cells: pa.table(cells).to_pandas(types_mapper=pd.ArrowDtype)


@pytest.fixture(params=list(KINDS))
def frame_of(request: pytest.FixtureRequest) -> Callable[[dict[str, list[Any]]], Any]:
    """Turn columns (lists with None where there is no answer) into a frame of one kind."""
    return KINDS[request.param]


@pytest.fixture
def cells_of() -> Callable[[Any], dict[str, list[Any]]]:
    """Turn a frame of any kind back into columns, with None where nothing stands."""

    def cells(frame: Any) -> dict[str, list[Any]]:
        if isinstance(frame, pl.LazyFrame):
            frame = frame.collect()
        if isinstance(frame, pd.DataFrame):
            return {
                name: [None if pd.isna(cell) else cell for cell in column.tolist()]
                for name, column in frame.items()
            }
        return (
            frame.to_dict(as_series=False) if isinstance(frame, pl.DataFrame) else frame.to_pydict()
        )

    return cells
