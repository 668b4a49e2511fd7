"""What the rooms hand up to the roof: found by name, so that no list has to be kept by hand.

A room offers by defining a function of an agreed name in its `service.py`, `ROUTES` in `web.py` or `api.py`, `JOBS` in
`jobs.py` and `COMMANDS` in `commands.py`. The roof hands each list to the room that needs it.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

PACKAGE = "community"
ROOMS = (
    *("audit", "accounts", "notifications"),
    *("places", "chapters", "members", "rangers"),
    *("events", "sessions", "partners", "routing", "programmes", "channels", "outreach", "care"),
    *("growth", "home", "demo"),
)
OFFERS = (
    "export_person",
    "listed_person",
    "forget_person",
    "merge_person",
    "export_chapter",
    "still_true",
    "figures",
    "check_invariants",
    "hq_sees",
    "chapter_panel",
    "manage_panel",
    "event_panel",
    "overdue",
)

Offer = tuple[str, Callable[..., Any]]
"""Name of the room and its function."""


@dataclass(frozen=True)
class Registry:
    """Everything the rooms offer, each list in the order of the rooms."""

    export_person: tuple[Offer, ...]
    listed_person: tuple[Offer, ...]
    forget_person: tuple[Offer, ...]
    merge_person: tuple[Offer, ...]
    export_chapter: tuple[Offer, ...]
    still_true: tuple[Offer, ...]
    figures: tuple[Offer, ...]
    check_invariants: tuple[Offer, ...]
    hq_sees: tuple[Offer, ...]
    chapter_panel: tuple[Offer, ...]
    manage_panel: tuple[Offer, ...]
    event_panel: tuple[Offer, ...]
    overdue: tuple[Offer, ...]
    pages: tuple[Any, ...]
    """Litestar controllers and handlers of every `web.py`."""
    api: tuple[Any, ...]
    """The same of every `api.py`."""
    jobs: tuple[tuple[str, Any], ...]
    """Room and `Schedule`."""
    commands: tuple[Any, ...]
    """Click commands and groups for the command line."""


def collect(rooms: Iterable[str] = ROOMS, package: str = PACKAGE) -> Registry:
    """Import every file of every room that offers something; a room or file that is not there offers nothing.

    Raises ValueError if two jobs have one name.
    """
    present = tuple(room for room in rooms if _exists(f"{package}.{room}"))
    offers = {name: tuple(_offers(package, present, name)) for name in OFFERS}
    jobs = tuple((room, job) for room in present for job in _listed(package, room, "jobs", "JOBS"))
    _refuse_twins(jobs)
    return Registry(
        **offers,
        pages=tuple(route for room in present for route in _listed(package, room, "web", "ROUTES")),
        api=tuple(route for room in present for route in _listed(package, room, "api", "ROUTES")),
        jobs=jobs,
        commands=tuple(command for room in present for command in _listed(package, room, "commands", "COMMANDS")),
    )


def _exists(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def _module(package: str, room: str, file: str) -> Any:
    name = f"{package}.{room}.{file}"
    return importlib.import_module(name) if _exists(name) else None


def _offers(package: str, rooms: Iterable[str], name: str) -> Iterator[Offer]:
    for room in rooms:
        service = _module(package, room, "service")
        offered = getattr(service, name, None)
        # A function imported from another room's service is that room's offer, not this one's.
        if callable(offered) and offered.__module__.startswith(f"{package}.{room}."):
            yield room, offered


def _listed(package: str, room: str, file: str, name: str) -> tuple[Any, ...]:
    return tuple(getattr(_module(package, room, file), name, ()))


def _refuse_twins(jobs: Iterable[tuple[str, Any]]) -> None:
    seen: set[str] = set()
    for room, job in jobs:
        if job.name in seen:
            raise ValueError(f"a second job is named {job.name}, in {room}")
        seen.add(job.name)
