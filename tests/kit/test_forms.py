"""Forms: every fault at once, in words, with nothing typed lost."""

from __future__ import annotations

import datetime as dt
from enum import Enum
from typing import Annotated

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.kit.errors import FieldError, InvalidInput
from community.kit.forms import Again, FormView, bind
from community.kit.inputs import choice, clean_text, contact, date, like, number, phone, text, time


class Kind(Enum):
    KOPDAR = "kopdar"
    OUTING = "outing"


class EventForm(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    title: Annotated[str, text("Judul", least=3, most=20)]
    capacity: Annotated[int, number("Kapasitas", low=1, high=5000, example="40")] | None = None
    kind: Annotated[Kind, choice("Jenis")] = Kind.KOPDAR
    on: Annotated[dt.date, date("Tanggal")] | None = None
    at: Annotated[dt.time, time("Jam")] | None = None
    phone: Annotated[str, phone("Nomor")] | None = None
    news: bool = False
    topics: Annotated[list[str], text("Topik", most=40)] = []

    def problems(self) -> list[FieldError]:
        return [FieldError("/title", "shouting", "Jangan berteriak.")] if self.title.isupper() else []


def faults(values: dict[str, object]) -> dict[str, str]:
    with pytest.raises(InvalidInput) as caught:
        bind(EventForm, values)
    return {error.field: error.code for error in caught.value.errors}


def test_a_good_form_becomes_a_struct() -> None:
    typed = {
        "title": "  Kopdar  ",
        "capacity": "40",
        "kind": "outing",
        "on": "2026-11-28",
        "at": "19.00",
        "phone": "0812-3456-7890",
        "news": "on",
        "topics": ["a", "b"],
        "_csrf": "x",
    }

    form = bind(EventForm, typed)

    assert form == EventForm(
        "Kopdar", 40, Kind.OUTING, dt.date(2026, 11, 28), dt.time(19), "+6281234567890", True, ["a", "b"]
    )


def test_every_fault_is_named_at_once() -> None:
    typed = {"title": "ab", "capacity": "many", "kind": "party", "on": "31/31", "at": "25.61", "phone": "12"}
    typed["owner"] = "me"

    assert faults(typed) == {
        "title": "too_short",
        "capacity": "not_number",
        "kind": "not_choice",
        "on": "not_date",
        "at": "not_time",
        "phone": "not_phone",
        "owner": "unknown_field",
    }


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({}, "required"),
        ({"title": "   "}, "required"),
        ({"title": "x" * 21}, "too_long"),
        ({"title": "nul\0"}, "bad_text"),
        ({"title": "satu\ndua"}, "bad_text"),
        ({"title": "lone \ud800"}, "bad_text"),
        ({"title": "fake \u202etxt"}, "bad_text"),
        ({"title": "TERIAK"}, "shouting"),
    ],
)
def test_a_title_is_refused_with_its_reason(values: dict[str, object], code: str) -> None:
    assert faults(values) == {"title": code}


def test_an_optional_number_out_of_bounds_is_refused_in_words() -> None:
    with pytest.raises(InvalidInput) as caught:
        bind(EventForm, {"title": "Kopdar", "capacity": "5001"})

    assert caught.value.errors == [FieldError("/capacity", "out_of_range", "Kapasitas harus antara 1 dan 5000.")]


def test_json_keeps_its_types() -> None:
    assert bind(EventForm, {"title": "Kopdar", "capacity": 3}, strict=True).capacity == 3
    with pytest.raises(InvalidInput):
        bind(EventForm, {"title": 5}, strict=True)
    with pytest.raises(InvalidInput):
        bind(EventForm, {"title": "Kopdar", "news": "on"}, strict=True)


def test_a_refused_form_shows_what_was_typed() -> None:
    view = FormView({"title": "stored", "news": True}, Again("/events", {"title": "typed"}, [], 400, "words"))

    assert (view.value("title"), view.checked("news"), view.problem) == ("typed", False, "words")


def test_a_fresh_form_shows_what_is_stored() -> None:
    view = FormView({"title": "stored", "news": True, "kind": Kind.OUTING, "capacity": None})

    assert (view.value("title"), view.checked("news"), view.value("kind"), view.value("capacity")) == (
        "stored",
        True,
        "outing",
        "",
    )


class ContactForm(msgspec.Struct, frozen=True):
    contact: Annotated[str, contact("Kontak")]


@pytest.mark.parametrize(
    ("typed", "stored"), [("0812 3456 7890", "+6281234567890"), ("Orang@Contoh.EXAMPLE", "Orang@contoh.example")]
)
def test_a_contact_is_a_phone_or_an_address(typed: str, stored: str) -> None:
    assert bind(ContactForm, {"contact": typed}).contact == stored


@given(st.text(min_size=1, max_size=200))
def test_no_text_makes_a_form_stumble(value: str) -> None:
    fields = {"title": value, "capacity": value, "on": value, "at": value, "phone": value}

    with pytest.raises(InvalidInput) as refused:
        bind(EventForm, fields)

    assert {error.field for error in refused.value.errors} <= set(fields)


@given(st.text(max_size=30))
def test_cleaning_twice_changes_nothing(value: str) -> None:
    try:
        once = clean_text(value, lines=True)
    except ValueError:
        return
    assert clean_text(once, lines=True) == once


def test_a_search_text_is_taken_literally() -> None:
    assert like("50%_\\") == "%50\\%\\_\\\\%"


class Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """As a PATCH takes it: left out stays."""

    limit: Annotated[int, number("Batas", low=0, high=9)] | msgspec.UnsetType | None = msgspec.UNSET


def test_null_in_json_is_said_and_not_left_out() -> None:
    assert bind(Change, {"limit": None}, strict=True).limit is None
    assert bind(Change, {}, strict=True).limit is msgspec.UNSET
    assert bind(Change, {"limit": 3}, strict=True).limit == 3
