"""docs/reference/privacy-register.md: what is kept about people, why and for how long, from the tables' own words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from piccolo.table import Table

from community.kit.privacy import REGISTER, Register
from community.piccolo_app import all_tables
from docs.build.tables import owner
from docs.build.written import write

HEAD = """# Privacy register

Made by `make docs` from what each table says of its columns (record of processing, article 31 of Law 27/2022). Tables
that hold nothing about people are named at the end. How people use their rights stands in
[the explanation](../explanation/privacy.md).

| room | table | general (umum) | specific (spesifik) | secret (rahasia) | purpose | kept |
|---|---|---|---|---|---|---|
"""


def page(tables: Iterable[type[Table]], register: Mapping[str, Register]) -> str:
    named = sorted(
        ((owner(table), register[table._meta.tablename]) for table in tables), key=lambda row: (row[0], row[1].table)
    )
    rows = [_row(room, entry) for room, entry in named if _is_about_people(entry)]
    bare = ", ".join(f"{room}/{entry.table}" for room, entry in named if not _is_about_people(entry))
    return f"{HEAD}{chr(10).join(rows)}\n\nNothing about people: {bare or 'no table'}.\n"


def _is_about_people(entry: Register) -> bool:
    return set(entry.columns.values()) != {"none"}


def _row(room: str, entry: Register) -> str:
    cells = (_columns(entry, data_class) for data_class in ("umum", "spesifik", "rahasia"))
    return (
        f"| {room} | [{entry.table}](tables.md#{entry.table}) | {' | '.join(cells)} | {entry.purpose} | {entry.keep} |"
    )


def _columns(entry: Register, data_class: str) -> str:
    return ", ".join(name for name, found in entry.columns.items() if found == data_class)


if __name__ == "__main__":
    write("privacy-register.md", page(all_tables(), REGISTER))
