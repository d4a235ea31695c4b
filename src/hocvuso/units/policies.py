"""Who may manage units. People and their mandates live above this room, so the room above says who; until it does, nobody may."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase

from hocvuso.units.errors import NoGuard
from hocvuso.units.models import Unit

View = Callable[..., HttpResponseBase]


class Actor(Protocol):
    """Whoever acts: a person."""

    @property
    def id(self) -> UUID: ...


@dataclass(frozen=True)
class Guard:
    """`require` wraps a view so that only somebody who may manage units gets in, and sets `request.person`.

    `roots` gives the units whose subtrees that person manages.
    """

    require: Callable[[View], View]
    roots: Callable[[Any], Sequence[Unit]]


_guards: list[Guard] = []


def register_guard(*, require: Callable[[View], View], roots: Callable[[Any], Sequence[Unit]]) -> None:
    """Say who may manage units; the newest guard counts. Called by the room that knows people, at start-up."""
    _guards.append(Guard(require=require, roots=roots))


def guarded(view: View) -> View:
    """Let a view be seen only by those whom the registered guard lets in. Raises NoGuard while there is none."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not _guards:
            raise NoGuard
        return _guards[-1].require(view)(request, *args, **kwargs)

    return wrapped


def roots_of(actor: Any) -> list[Unit]:
    """The units whose subtrees the actor manages."""
    return list(_guards[-1].roots(actor)) if _guards else []


def is_within(path: str, roots: Sequence[Unit] | None) -> bool:
    """Whether a path lies in one of the subtrees. No roots at all (none) stands for the system itself, which may do everything."""
    return roots is None or any(path.startswith(root.path) for root in roots)
