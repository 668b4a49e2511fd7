"""docs/reference/tables.md: every table, the room that owns it, its columns and what they hold about people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from piccolo.columns import Array, ForeignKey, Varchar
from piccolo.table import Table

from community.kit.privacy import REGISTER
from community.piccolo_app import all_tables
from community.registry import ROOMS
from docs.build.written import write

HEAD = """# Tables

Made by `make docs` from the rooms' `tables.py`; a test fails when this page is behind. Each table belongs to one room,
and only that room writes to it. Class is what a column holds about people: *none*, *umum* (general), *spesifik*
(specific data in the sense of article 4 of Law 27/2022) or *rahasia* (secrets and their hashes). What is kept why and
for how long stands in [the privacy register](privacy-register.md).
"""


def owner(table: type[Table]) -> str:
    """The room, or `kit` for the ground's own tables."""
    return table.__module__.split(".")[1]


def page(tables: Iterable[type[Table]]) -> str:
    order = ("kit", *ROOMS)
    rows = sorted(tables, key=lambda table: (order.index(owner(table)), table._meta.tablename))
    parts = [HEAD, *_overview(rows)]
    room = ""
    for table in rows:
        if owner(table) != room:
            room = owner(table)
            parts.append(f"## {room}\n")
        parts.append(section(table))
    return "\n".join(parts).rstrip("\n") + "\n"


def _overview(tables: list[type[Table]]) -> Iterator[str]:
    yield "| room | tables |\n|---|---|"
    for room in dict.fromkeys(owner(table) for table in tables):
        names = (f"[{table._meta.tablename}](#{table._meta.tablename})" for table in tables if owner(table) == room)
        yield f"| {room} | {', '.join(names)} |"
    yield ""


def section(table: type[Table]) -> str:
    name = table._meta.tablename
    register = REGISTER.get(name)
    classes = register.columns if register else {}
    lines = [
        f"### {name}\n",
        _first_line(table),
        "| column | type | null | refers to | class |",
        "|---|---|---|---|---|",
    ]
    for column in table._meta.columns:
        meta = column._meta
        cells = (_name(column), _type(column), "yes" if meta.null else "", _target(column), classes.get(meta.name, "?"))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _first_line(table: type[Table]) -> str:
    text = (table.__doc__ or "").strip()
    # Piccolo gives a table without a docstring that of its base class.
    return "" if table.__doc__ == Table.__doc__ or not text else f"{text.splitlines()[0]}\n"


def _name(column: Any) -> str:
    marks = [word for word, is_so in (("key", column._meta.primary_key), ("unique", column._meta.unique)) if is_so]
    return f"{column._meta.db_column_name}{' (' + ', '.join(marks) + ')' if marks else ''}"


def _type(column: Any) -> str:
    if isinstance(column, ForeignKey):
        return str(_key_of(column)).lower()
    if isinstance(column, Array):
        return f"{_type(column.base_column)}[]"
    if isinstance(column, Varchar):
        return f"varchar({column.length})" if column.length else "varchar"
    return str(column.column_type).lower()


def _key_of(column: ForeignKey[Any]) -> str:
    return str(column._foreign_key_meta.resolved_references._meta.primary_key.column_type)


def _target(column: Any) -> str:
    if not isinstance(column, ForeignKey):
        return ""
    meta = column._foreign_key_meta
    name = meta.resolved_references._meta.tablename
    return f"[{name}](#{name}), {str(meta.on_delete.value).lower()}"


if __name__ == "__main__":
    write("tables.md", page(all_tables()))
