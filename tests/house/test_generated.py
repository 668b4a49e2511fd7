"""The generated pages of docs/reference say what the code says now."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from community.kit.privacy import REGISTER
from community.piccolo_app import all_tables
from docs.build import graph, privacy, tables
from docs.build.written import REFERENCE
from tests.house.ladder import ROOMS, read_house

ROOT = Path(__file__).resolve().parents[2]


def test_the_list_of_tables_is_up_to_date() -> None:
    assert (REFERENCE / "tables.md").read_text(encoding="utf-8") == tables.page(all_tables()), "run `make docs`"


def test_the_privacy_register_is_up_to_date() -> None:
    assert (REFERENCE / "privacy-register.md").read_text(encoding="utf-8") == privacy.page(all_tables(), REGISTER), (
        "run `make docs`"
    )


def test_every_column_of_every_table_is_classified() -> None:
    known = {table._meta.tablename: {column._meta.name for column in table._meta.columns} for table in all_tables()}

    assert {name: set(REGISTER[name].columns) if name in REGISTER else None for name in known} == known


def test_every_table_stands_under_the_room_that_owns_it() -> None:
    page = tables.page(all_tables())
    for table in all_tables():
        heading = page.index(f"\n### {table._meta.tablename}\n")
        room = page.rindex("\n## ", 0, heading)
        assert page[room:].startswith(f"\n## {tables.owner(table)}\n")


def test_a_foreign_key_names_its_table_and_what_deleting_does() -> None:
    (event,) = (table for table in all_tables() if table._meta.tablename == "event")

    assert "| chapter | uuid |  | [chapter](#chapter), restrict | none |" in tables.section(event)


def test_the_picture_shows_every_room_and_can_be_read_as_svg() -> None:
    drawn = ElementTree.fromstring(graph.svg(read_house(ROOT)))  # noqa: S314 (our own text)
    words = {element.text for element in drawn.iter() if element.tag.endswith("text")}

    assert set(ROOMS) <= words


def test_the_picture_counts_imports_between_rooms(tmp_path: Path) -> None:
    for name, source in {
        "audit/service.py": "from community.kit import clock",
        "events/service.py": "from community.audit import service\nfrom community.audit.service import record",
    }.items():
        path = tmp_path / "community" / name
        path.parent.mkdir(parents=True)
        path.write_text(source)

    steps = graph.count_steps(read_house(tmp_path))

    assert steps == {("audit", "kit"): 1, ("events", "audit"): 2}


@pytest.mark.parametrize("page", ["tables.md", "privacy-register.md"])
def test_a_generated_page_says_so(page: str) -> None:
    assert "Made by `make docs`" in (REFERENCE / page).read_text(encoding="utf-8")
