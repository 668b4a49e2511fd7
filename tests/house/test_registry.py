"""The roof finds what the rooms offer, and nothing they do not."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from community import registry
from tests.house import ladder

PLATE = '"""Room."""\n'


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package `fakehouse` with a few rooms; gone from the interpreter after the test."""
    files = {
        "__init__.py": PLATE,
        "kit/__init__.py": PLATE,
        "audit/__init__.py": PLATE,
        "audit/service.py": "async def export_person(person_id): ...\ndef figures(): ...\nROUTES = ['not here']\n",
        "audit/jobs.py": "class Seal:\n    name = 'seal'\nJOBS = (Seal,)\n",
        "events/__init__.py": PLATE,
        "events/service.py": "from fakehouse.audit.service import figures\nasync def export_person(person_id): ...\n",
        "events/web.py": "ROUTES = ['page one', 'page two']\n",
        "events/api.py": "ROUTES = ('api',)\n",
        "events/commands.py": "COMMANDS = ['command']\n",
    }
    for name, source in files.items():
        path = tmp_path / "fakehouse" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path / "fakehouse"
    for name in [name for name in sys.modules if name.split(".")[0] == "fakehouse"]:
        del sys.modules[name]


def test_each_offer_comes_with_its_room_in_the_order_of_the_rooms(house: Path) -> None:
    found = registry.collect(package="fakehouse")

    assert [room for room, _ in found.export_person] == ["audit", "events"]
    assert found.export_person[1][1].__module__ == "fakehouse.events.service"


def test_a_function_imported_from_another_room_is_not_offered_twice(house: Path) -> None:
    assert [room for room, _ in registry.collect(package="fakehouse").figures] == ["audit"]


def test_routes_jobs_and_commands_are_found_in_their_own_files_only(house: Path) -> None:
    found = registry.collect(package="fakehouse")

    assert found.pages == ("page one", "page two")
    assert found.api == ("api",)
    assert found.commands == ("command",)
    assert [(room, job.name) for room, job in found.jobs] == [("audit", "seal")]


def test_what_no_room_offers_is_an_empty_list(house: Path) -> None:
    assert registry.collect(package="fakehouse").forget_person == ()


def test_two_jobs_of_one_name_are_refused(house: Path) -> None:
    (house / "events" / "jobs.py").write_text("class Other:\n    name = 'seal'\nJOBS = [Other]\n")

    with pytest.raises(ValueError, match="a second job is named seal, in events"):
        registry.collect(package="fakehouse")


def test_a_broken_room_is_an_error_and_not_an_absent_one(house: Path) -> None:
    (house / "events" / "jobs.py").write_text("import not_there_at_all\n")

    with pytest.raises(ModuleNotFoundError, match="not_there_at_all"):
        registry.collect(package="fakehouse")


def test_the_roof_knows_the_rooms_of_the_ladder() -> None:
    assert registry.ROOMS == ladder.ROOMS


def test_the_whole_house_can_be_collected() -> None:
    found = registry.collect()

    assert "accounts" in {room for room, _ in found.export_person}
    assert found.pages
    assert found.api
    assert found.jobs
