"""The base of every part of an instrument: frozen, and strict about its keys."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

__all__ = ["Definition"]


class Definition(BaseModel):
    """Base of all parts: it cannot be changed once read, and an unknown key is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True)
