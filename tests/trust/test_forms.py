"""A04: nobody sets by a form what is not theirs to set. Every form of every room, every column of every table."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

import msgspec
import pytest

import community
from community.kit.errors import InvalidInput
from community.kit.forms import OURS, bind
from community.piccolo_app import all_tables

NEVER = {
    *("id", "person", "person_id", "chapter_id", "owner", "role", "roles", "state", "created_by", "created_at"),
    *("password_hash", "is_demo", "email_verified_at", "phone_verified_at", "merged_into", "queue_no", "token_hash"),
    *("proposed_by", "granted_by"),
}
"""Columns that follow from who asks and what is so; no form may hold one."""
MEANT = {("events.MarkForm", "person")}
"""Whom the mark at the door is about: the service asks whether that person has an RSVP to this event."""


def forms() -> list[type[msgspec.Struct]]:
    """Structs for what comes in: those of a room's `forms.py` that forbid unknown fields."""
    rooms = [room.name for room in pkgutil.iter_modules(community.__path__) if room.ispkg]
    found: list[type[msgspec.Struct]] = []
    for room in rooms:
        try:
            module = importlib.import_module(f"community.{room}.forms")
        except ModuleNotFoundError:
            continue
        own = [v for v in vars(module).values() if isinstance(v, type) and issubclass(v, msgspec.Struct)]
        found += [s for s in own if s.__module__ == module.__name__ and s.__struct_config__.forbid_unknown_fields]
    return found


def name_of(form: Any) -> str:
    return f"{form.__module__.split('.')[1]}.{form.__name__}"


@pytest.mark.parametrize("form", forms(), ids=name_of)
def test_a_form_holds_no_column_that_is_not_the_senders(form: type[msgspec.Struct]) -> None:
    fields = {info.encode_name for info in msgspec.structs.fields(form)}

    assert {name for name in fields & NEVER if (name_of(form), name) not in MEANT} == set()


@pytest.mark.parametrize("form", forms(), ids=name_of)
def test_every_other_column_of_the_database_is_refused_by_name(form: type[msgspec.Struct]) -> None:
    """Fed with every column name there is, the form refuses each it does not list."""
    own = {info.encode_name for info in msgspec.structs.fields(form)}
    foreign = {c._meta.name for table in all_tables() for c in table._meta.columns} - own - OURS

    with pytest.raises(InvalidInput) as refused:
        bind(form, dict.fromkeys(foreign, "x"))

    unknown = {error.field for error in refused.value.errors if error.code == "unknown_field"}
    assert unknown == foreign
