"""Pages of chapters, through the whole application: stranger, wrong person, then the deed."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import httpx
import pytest

from community.chapters import service
from community.kit import crypto
from community.kit.db import first, rows
from tests.factories import NOW, make_chapter, make_person, make_ranger, make_role

pytestmark = pytest.mark.usefixtures("db")

FIELDS = {
    "name": "Pelapak Kediri",
    "region_text": "Kota Kediri, Jawa Timur",
    "more_regions": "Kabupaten Kediri, Jawa Timur",
    "founder_name": "Pendiri Kedua",
    "founder_contact": "kedua@contoh.example",
    "conduct": "yes",
}


def form(**changes: str) -> dict[str, str]:
    return {**FIELDS, "_key": str(uuid4()), **changes}


async def test_the_list_shows_chapters_with_few_members_as_under_five(client: httpx.AsyncClient) -> None:
    await make_chapter("Komunitas Anggrek", slug="anggrek")
    await make_chapter("Komunitas Diusulkan", state="proposed")

    answer = await client.get("/chapters")

    assert answer.status_code == 200
    assert "Komunitas Anggrek" in answer.text
    assert "Kota Yogyakarta" in answer.text
    assert "Komunitas Diusulkan" not in answer.text


async def test_an_empty_list_says_what_to_do(client: httpx.AsyncClient) -> None:
    assert "Dirikan yang pertama" in (await client.get("/chapters")).text
    assert "Belum ada komunitas yang cocok" in (await client.get("/chapters?q=xyz&province=99")).text


@pytest.mark.parametrize("query", ["page=0", "page=x", "page=10001"])
async def test_a_page_that_cannot_be_is_refused(client: httpx.AsyncClient, query: str) -> None:
    assert (await client.get(f"/chapters?{query}")).status_code == 400


async def test_the_public_page_shows_what_every_room_adds(client: httpx.AsyncClient) -> None:
    await make_chapter("Komunitas Anggrek", slug="anggrek", about="Kopdar tiap bulan.\nSemua boleh datang.")

    answer = await client.get("/chapters/anggrek")

    assert answer.status_code == 200
    assert "Kopdar tiap bulan." in answer.text
    assert "/chapters/anggrek/join" in answer.text


async def test_an_old_address_leads_to_the_new_one(client: httpx.AsyncClient) -> None:
    chapter_id = await make_chapter(slug="lama-contoh")
    ranger = await make_ranger(chapter_id)
    await service.edit(ranger, "lama-contoh", service.Texts("Nama", "", None, "baru-contoh"), 1, now=NOW)

    answer = await client.get("/chapters/lama-contoh")

    assert (answer.status_code, answer.headers["location"]) == (301, "/chapters/baru-contoh")


async def test_a_proposal_goes_from_form_to_second_founder_to_headquarters(
    client: httpx.AsyncClient, as_person: Any
) -> None:
    assert (await client.get("/chapters/propose")).headers["location"].startswith("/sign-in")
    hq = await make_person()
    await make_role(hq, "hq")
    founder, second = (
        await as_person(await make_person("Pendiri Satu")),
        await as_person(await make_person("Pendiri Dua")),
    )
    assert (await founder.get("/chapters/propose")).status_code == 200

    made = await founder.post("/chapters/propose", data=form())

    assert (made.status_code, made.headers["location"]) == (303, "/chapters/pelapak-kediri")
    page = await founder.get("/chapters/pelapak-kediri")
    assert "Menunggu pendiri kedua" in page.text
    assert (await second.get("/chapters/pelapak-kediri")).status_code == 404
    founder_row = await first("select id from chapter_founder where accepted_at is null")
    assert founder_row is not None
    link = f"/founders/{service.invitation_token(founder_row['id'])}"
    assert link.rsplit("/", 1)[1] in page.text
    assert (await client.get(link)).status_code == 303
    assert (await second.get(link)).status_code == 200
    assert (await second.post(link, data={})).status_code == 400
    assert (await second.post(link, data={"conduct": "yes"})).status_code == 303
    assert "Tim pusat menjawab" in (await second.get("/chapters/pelapak-kediri")).text
    assert len(await rows("select 1 from notice where person = {}", hq)) == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "Isi nama komunitas."),
        ({"region_text": "Kediri"}, "Yang mana maksud Anda?"),
        ({"region_text": "Entahlah"}, "Kami tidak menemukan"),
        ({"more_regions": "Kediri"}, "belum jelas"),
        ({"founder_contact": "siapa"}, "Tulis nomor WhatsApp atau alamat e-mail"),
        ({"conduct": ""}, "Centang janji bersama"),
    ],
)
async def test_a_refused_proposal_comes_back_as_typed(as_person: Any, changes: dict[str, str], words: str) -> None:
    browser = await as_person(await make_person())

    answer = await browser.post("/chapters/propose", data=form(**{"founder_name": "Nama Yang Diketik", **changes}))

    assert answer.status_code == 400
    assert words in answer.text
    assert "Nama Yang Diketik" in answer.text
    assert await rows("select 1 from chapter") == []


async def test_the_same_proposal_sent_twice_is_one(as_person: Any) -> None:
    browser = await as_person(await make_person())
    sent = form()

    answers = [await browser.post("/chapters/propose", data=sent) for _ in range(2)]

    assert [answer.headers["location"] for answer in answers] == ["/chapters/pelapak-kediri"] * 2
    assert len(await rows("select 1 from chapter")) == 1


async def test_rangers_manage_and_edit_their_own_chapter_only(client: httpx.AsyncClient, as_person: Any) -> None:
    chapter_id = await make_chapter(slug="anggrek")
    ranger = await as_person(await make_ranger(chapter_id))
    other = await as_person(await make_ranger(await make_chapter()))
    for path in ("/chapters/anggrek/manage", "/chapters/anggrek/edit"):
        assert (await client.get(path)).status_code == 303
        assert (await other.get(path)).status_code == 404
        assert (await ranger.get(path)).status_code == 200
    texts = {"name": "Nama Baru", "about": "", "whatsapp_invite": "", "slug": "anggrek", "version": "1"}

    assert (await other.post("/chapters/anggrek/edit", data=texts)).status_code == 404
    assert (await ranger.post("/chapters/anggrek/edit", data=texts)).status_code == 303
    stale = await ranger.post("/chapters/anggrek/edit", data={**texts, "name": "Ketikan Saya"})

    assert stale.status_code == 409
    assert "Ketikan Saya" in stale.text
    assert "Nama Baru" in (await client.get("/chapters/anggrek")).text


async def test_a_stale_edit_can_be_saved_after_looking(as_person: Any) -> None:
    chapter_id = await make_chapter(slug="anggrek")
    ranger = await as_person(await make_ranger(chapter_id))
    texts = {"name": "Pertama", "about": "", "slug": "anggrek", "version": "1"}
    await ranger.post("/chapters/anggrek/edit", data=texts)

    stale = await ranger.post("/chapters/anggrek/edit", data={**texts, "name": "Kedua"})

    assert 'name="version" value="2"' in stale.text


async def test_rangers_let_the_chapter_rest_by_a_form(as_person: Any) -> None:
    chapter_id = await make_chapter(slug="anggrek")
    ranger = await as_person(await make_ranger(chapter_id))

    assert (await ranger.post("/chapters/anggrek/rest")).status_code == 303
    assert "sedang beristirahat" in (await ranger.get("/chapters/anggrek/manage")).text


@pytest.mark.parametrize("slug", ["%00", "a%00b", "%ED%A0%80", "A", "a" * 300, "..%2f", "%F0%9F%90%9F"])
async def test_an_address_that_cannot_be_is_not_found(client: httpx.AsyncClient, slug: str) -> None:
    for path in (f"/chapters/{slug}", f"/api/v1/chapters/{slug}", f"/api/v1/chapters/{slug}/states"):
        assert (await client.get(path)).status_code == 404


@pytest.mark.parametrize("key", [["x"], ["x", "y"], [1, 2, 3], ["\0", str(uuid4())], {"a": 1}, "x"])
async def test_a_forged_cursor_is_refused_or_leads_nowhere(client: httpx.AsyncClient, key: object) -> None:
    after = crypto.to_text(json.dumps(key).encode())

    assert (await client.get("/api/v1/chapters", params={"after": after})).status_code in {200, 400}


@pytest.mark.parametrize("language", ["id", "en"])
async def test_the_curriculum_is_a_page(client: httpx.AsyncClient, language: str) -> None:
    client.cookies.set("lang", language, domain="127.0.0.1")

    answer = await client.get("/topics")

    assert ("Product photography by phone" if language == "en" else "Foto produk dengan HP") in answer.text
