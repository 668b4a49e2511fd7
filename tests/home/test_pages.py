"""What each role finds first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from community.home import service
from community.home.rules import KEPT
from community.kit.privacy import REGISTER
from community.piccolo_app import all_tables
from tests.conftest import Clients
from tests.factories import NOW, make_chapter, make_event, make_person, make_ranger, make_role, make_rsvp


async def first_page(client: httpx.AsyncClient) -> str:
    answer = await client.get("/")
    assert answer.status_code == 200
    return answer.text


async def test_a_visitor_learns_what_this_is_and_can_look_for_a_city(world: dict[str, str], client_for: Clients):
    shown = await first_page(await client_for("V"))

    assert '<form class="search" method="get" action="/chapters"' in shown
    assert "Kopdar Contoh #1" in shown
    assert "Kopdar Draf" not in shown
    assert "Yang menunggu Anda" not in shown


async def test_without_any_event_the_page_says_so_and_leads_on(client: httpx.AsyncClient):
    shown = await first_page(client)

    assert "Belum ada kopdar yang terbit" in shown
    assert 'href="/chapters"' in shown


async def test_a_member_sees_own_seats_and_the_own_chapters_events(world: dict[str, str], client_for: Clients):
    await make_event(UUID(world["other_chapter_id"]), "Kopdar Tetangga")
    await make_event(UUID(world["chapter_id"]), "Kopdar Sesudahnya")
    shown = await first_page(await client_for("M"))

    assert "Kursi Anda" in shown
    assert "terdaftar" in shown
    assert shown.count("Kopdar Contoh #1") == 1  # among the seats, and not once more below
    assert "Kopdar Sesudahnya" in shown
    assert "Komunitas Satu" in shown
    assert "Kopdar Tetangga" not in shown


async def test_who_belongs_nowhere_sees_events_of_everywhere(world: dict[str, str], client_for: Clients):
    shown = await first_page(await client_for("C"))

    assert "Kopdar Contoh #1" in shown
    assert "Anda belum bergabung" in shown


async def test_a_ranger_finds_the_next_kopdar_and_the_way_to_a_new_one(world: dict[str, str], client_for: Clients):
    shown = await first_page(await client_for("R"))

    assert "Sabtu, 28 November 2026" in shown
    assert "/events/new?chapter=satu" in shown
    assert "/chapters/satu/manage" in shown
    assert "/door/EVENTAAA" not in shown  # five days ahead


async def test_the_door_stands_on_the_page_from_a_day_before_until_a_day_after(
    world: dict[str, str], client_for: Clients
):
    ranger = await client_for("R")
    chapter = UUID(world["chapter_id"])
    await make_event(chapter, "Kopdar Kemarin", code="KEMARNAA", starts_at=NOW - timedelta(hours=14))
    assert "/door/KEMARNAA" in await first_page(ranger)

    await make_event(chapter, "Kopdar Malam", code="MALAMAAA", starts_at=NOW + timedelta(hours=9))
    shown = await first_page(ranger)
    assert "/door/MALAMAAA" in shown
    assert "/door/KEMARNAA" not in shown


async def test_what_waits_is_listed_with_its_reason(world: dict[str, str], client_for: Clients):
    chapter = UUID(world["chapter_id"])
    await make_event(chapter, "Kopdar Kemarin", code="KEMARNAA", starts_at=NOW - timedelta(hours=14))
    shown = await first_page(await client_for("R"))

    assert "/events/KEMARNAA/finish" in shown
    assert "/events/DRAFTAAA/edit" in shown
    assert "Belum terbit" in shown


async def test_a_queue_beside_free_seats_waits_for_a_hand(world: dict[str, str], client_for: Clients):
    chapter = UUID(world["chapter_id"])
    event = await make_event(chapter, "Kopdar Pilih", code="PKHAAAAA", promotion="manual", capacity=10)
    await make_rsvp(event, await make_person("Orang Menunggu"), state="waitlisted", queue_no=7)
    shown = await first_page(await client_for("R"))

    assert "/events/PKHAAAAA/people" in shown
    assert "1 menunggu" in shown
    assert "Orang Menunggu" not in shown


async def test_another_chapters_ranger_sees_nothing_of_it(world: dict[str, str], client_for: Clients):
    shown = await first_page(await client_for("R2"))

    assert "Komunitas Dua" in shown
    assert "Kopdar Draf" not in shown
    assert "EVENTAAA" not in shown


@pytest.mark.parametrize("role", ["H", "A"])
async def test_headquarters_see_counts_and_proposals_but_no_people(
    role: str, world: dict[str, str], client_for: Clients
):
    shown = await first_page(await client_for(role))

    assert "2 komunitas berjalan" in shown
    assert ("Usulan yang menunggu jawaban" in shown) == (role == "H")
    for value in (world["canary:name"], world["canary:email"], world["canary:phone"]):
        assert value not in shown


async def test_a_ranger_of_two_chapters_chooses_where_the_new_kopdar_is(db: None, as_person: Any):
    one, two = await make_chapter("Komunitas Satu", slug="satu"), await make_chapter("Komunitas Dua", slug="dua")
    ranger = await make_ranger(one)
    await make_role(ranger, "ranger", two)
    shown = await first_page(await as_person(ranger))

    assert "Buat kopdar di Komunitas Satu" in shown
    assert "Buat kopdar di Komunitas Dua" in shown


@pytest.mark.parametrize("path", ["/about", "/help", "/privacy"])
async def test_the_footers_pages_speak_both_languages(path: str, client: httpx.AsyncClient):
    indonesian = await client.get(path)
    client.cookies.set("lang", "en", domain="127.0.0.1")
    english = await client.get(path)

    assert indonesian.status_code == english.status_code == 200
    assert '<html lang="id">' in indonesian.text
    assert '<html lang="en">' in english.text


def test_every_table_with_something_personal_in_it_is_explained():
    assert all_tables()
    personal = {
        name for name, entry in REGISTER.items() if any(data_class != "none" for data_class in entry.columns.values())
    }

    assert set(KEPT) == personal


def test_the_privacy_page_lists_them_all():
    assert len(service.kept_about_people()) == len(KEPT)


async def test_credits_name_the_source_of_the_map(client: httpx.AsyncClient):
    shown = (await client.get("/about")).text

    assert "GeoNames" in shown
    assert "CC BY 4.0" in shown
    assert "Apache License 2.0" in shown
