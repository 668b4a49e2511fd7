"""What each column holds about people, why, and for how long (Law 27/2022, articles 4 and 31).

Every table's `tables.py` classifies every column; a test fails on one left out, and the register in the docs is
made from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

CLASSES = ("none", "umum", "spesifik", "rahasia")


@dataclass(frozen=True)
class Register:
    """`columns` maps column name to its class: none (not about a person), umum (general), spesifik (specific: children,
    finance, criminal record), rahasia (secrets and their hashes)."""

    table: str
    columns: dict[str, str]
    purpose: str
    keep: str


REGISTER: dict[str, Register] = {}


def classify(
    table: Any, *, purpose: str, keep: str, umum: str = "", spesifik: str = "", rahasia: str = "", none: str = ""
) -> None:
    """Each argument lists column names, separated by spaces; raises ValueError on an unknown, double or missing one."""
    columns: dict[str, str] = {}
    for data_class, names in zip(CLASSES, (none, umum, spesifik, rahasia), strict=True):
        for name in names.split():
            if name in columns:
                raise ValueError(f"{table.__name__}.{name} is classified twice")
            columns[name] = data_class
    present = {column._meta.name for column in table._meta.columns}
    if present != set(columns):
        raise ValueError(f"{table.__name__}: unclassified or unknown columns {sorted(present ^ set(columns))}")
    name = table._meta.tablename
    REGISTER[name] = Register(name, columns, purpose, keep)
