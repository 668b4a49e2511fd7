"""The ladder holds for this house, and each kind of planted fault is seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house.ladder import FLOORS, OWN_ROOM, ROOMS, find_circles, find_faults, read_house

ROOT = Path(__file__).resolve().parents[2]
FILES = set(OWN_ROOM) - {"build", "deeds"}


def build(root: Path, files: dict[str, str]) -> list[str]:
    """The faults of a little house made of `files` (path below the package → source)."""
    for name, source in {"__init__.py": "", "kit/__init__.py": '"""Kit."""', **files}.items():
        path = root / "community" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
        plate = path.parent / "__init__.py"
        if not plate.exists():
            plate.write_text('"""A room."""')
    return find_faults(read_house(root))


def test_no_file_of_the_house_imports_upwards_or_in_a_circle() -> None:
    assert find_faults(read_house(ROOT)) == []


def test_the_house_was_really_read() -> None:
    assert "kit.errors" in read_house(ROOT).modules


def test_every_room_stands_on_one_floor() -> None:
    assert len(set(ROOMS)) == len(ROOMS) == sum(len(floor) for floor in FLOORS)


def test_a_well_built_house_has_no_faults(tmp_path: Path) -> None:
    files = {
        "kit/errors.py": "",
        "audit/service.py": "from community.kit import errors",
        "chapters/tables.py": "",
        "events/rules.py": "from community.kit.errors import NotFound",
        "events/tables.py": "from community.chapters.tables import Chapter\nfrom community.events import rules",
        "events/queries.py": "from community.events.tables import Event",
        "events/service.py": "from community.audit import service as audit\nfrom . import queries, rules",
        "events/web.py": "from community.events import service",
        "events/jobs.py": "from community.events import service",
        "events/commands.py": "from community.events import service",
        "sessions/rules/seats.py": "from community.sessions.rules import queue\nfrom community.kit import errors",
        "sessions/rules/queue.py": "",
        "sessions/queries/lists.py": "from community.sessions.rules.seats import X",
        "sessions/deeds/publish.py": (
            "from community.audit import service\nfrom community.sessions.queries import lists\nfrom . import common"
        ),
        "sessions/deeds/common.py": "from community.events import service",
        "sessions/service.py": "from community.sessions.deeds import publish",
        "places/build/regions.py": "from community.places import rules",
        "places/rules.py": "",
        "app.py": "import importlib\nfrom community.events import web\nimportlib.import_module(name)",
        "cli.py": "from community import app",
    }

    assert build(tmp_path, files) == []


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"audit/service.py": "from community.events import service"}, "upward"),
        ({"audit/service.py": "def late():\n    from community.events import service"}, "upward"),
        ({"audit/service.py": "if TYPE_CHECKING:\n    from community.events.service import x"}, "upward"),
        ({"audit/service.py": "from ..events import service"}, "upward"),
        ({"audit/service.py": "import community.events.service"}, "upward"),
        ({"audit/service.py": "import importlib\nimportlib.import_module('community.events.service')"}, "upward"),
        (
            {"audit/service.py": "from importlib import import_module as import_module\nimport_module(name)"},
            "cannot be read",
        ),
        ({"audit/service.py": "__import__('community.events.service')"}, "upward"),
        ({"audit/tables.py": "key = LazyTableReference('Event', module_path='community.events.tables')"}, "upward"),
        ({"events/web.py": "from community.events import queries"}, "web may import errors, forms, service"),
        ({"events/web.py": "from community.chapters import service"}, "imports no other room"),
        ({"events/rules.py": "from community.events import errors"}, "rules may import nothing"),
        ({"events/queries.py": "from community.chapters import tables"}, "imports no other room"),
        ({"events/tables.py": "from community.chapters import service"}, "tables may import tables only"),
        ({"events/service.py": "from community.chapters import tables"}, "service may import service only"),
        (
            {"events/service.py": "from community.chapters.queries import find_chapter"},
            "service may import service only",
        ),
        ({"events/service.py": "from community.events import web"}, "service may import deeds, errors"),
        ({"events/service.py": "from community import chapters"}, "not the room"),
        ({"places/service.py": "from community.places.build import regions"}, "service may import deeds, errors"),
        ({"events/deeds/publish.py": "from community.events import service"}, "deeds.publish may import errors"),
        ({"events/deeds/publish.py": "from community.chapters import queries"}, "deeds may import service only"),
        ({"events/deeds/publish.py": "import community.sessions.service"}, "upward"),
        ({"events/web.py": "from community.events.deeds import common"}, "web may import errors"),
        ({"events/queries/lists.py": "from community.events.deeds import common"}, "queries.lists may import rules"),
        ({"events/service/parts.py": ""}, "not a file a room may have"),
        ({"events/rules/deep/parts.py": ""}, "not a file a room may have"),
        ({"events/deeds.py": ""}, "not a file a room may have"),
        ({"kit/db.py": "from community.accounts import tables"}, "kit knows no room"),
        ({"kit/db.py": "def late():\n    import community.app"}, "nobody imports the roof"),
        ({"events/jobs.py": "from community.worker import run"}, "nobody imports the roof"),
        ({"events/helpers.py": ""}, "not a file a room may have"),
        ({"events/parts/rules.py": ""}, "not a file a room may have"),
        ({"utils/rules.py": ""}, "no such room"),
        ({"main.py": ""}, "not a file of the roof"),
        ({"events/__init__.py": '"""Events."""\nfrom community.kit import errors'}, "more than a docstring"),
        ({"../piccolo_migrations/a.py": "from community.events import tables"}, "a migration imports nothing"),
    ],
)
def test_a_planted_fault_is_seen(tmp_path: Path, files: dict[str, str], said: str) -> None:
    room_files = {f"{room}/{name}.py": "" for room in ("events", "chapters") for name in FILES}

    room_files |= {"places/build/regions.py": "", "events/deeds/common.py": ""}

    faults = build(tmp_path, {**room_files, "app.py": "", "worker.py": "", **files})

    assert faults
    assert all(said in fault for fault in faults), faults


def test_a_circle_is_seen_even_where_each_step_is_allowed(tmp_path: Path) -> None:
    build(
        tmp_path, {"kit/a.py": "from community.kit import b", "kit/b.py": "def f():\n    from community.kit import a"}
    )

    assert find_circles(read_house(tmp_path)) == [["kit.a", "kit.b"]]


def test_two_circles_and_a_chain_are_told_apart(tmp_path: Path) -> None:
    steps = {"a": "b", "b": "c", "c": "a", "d": "a", "e": "f", "f": "e", "g": "g"}
    build(tmp_path, {f"kit/{name}.py": f"from community.kit import {target}" for name, target in steps.items()})

    assert find_circles(read_house(tmp_path)) == [["kit.a", "kit.b", "kit.c"], ["kit.e", "kit.f"], ["kit.g"]]
