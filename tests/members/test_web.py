"""Pages and API of members, through the whole application."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from community.kit.db import first, rows
from community.members import service
from tests.factories import make_chapter, make_member, make_person, make_ranger

pytestmark = pytest.mark.usefixtures("db")
CSV = "nama;hp;asal_persetujuan\nSiti Contoh;0812 0000 0001;grup lama\nBudi Contoh;;formulir\n"


async def make_led() -> tuple[UUID, UUID]:
    """A chapter and its Ranger."""
    chapter_id = await make_chapter(slug="anggrek")
    return chapter_id, await make_ranger(chapter_id)


def upload(text: str | bytes) -> dict[str, Any]:
    return {"files": {"file": ("daftar.csv", text if isinstance(text, bytes) else text.encode(), "text/csv")}}


async def test_joining_asks_for_sign_in_then_consent_then_once(client: httpx.AsyncClient, as_person: Any) -> None:
    chapter_id = await make_chapter(slug="anggrek", whatsapp_invite="https://chat.whatsapp.com/AbCdEfGhIjKlMn")
    person_id = await make_person()
    person = await as_person(person_id)
    assert (await client.get("/chapters/anggrek/join")).headers["location"] == "/sign-in?next=/chapters/anggrek/join"
    assert "chat.whatsapp.com" not in (await person.get("/chapters/anggrek")).text

    refused = await person.post("/chapters/anggrek/join", data={})
    assert refused.status_code == 400
    assert "Centang persetujuan" in refused.text
    assert (await person.post("/chapters/anggrek/join", data={"consent": "yes"})).status_code == 303

    assert await service.is_member(person_id, chapter_id)
    page = (await person.get("/chapters/anggrek")).text
    assert "Anda anggota" in page
    assert "chat.whatsapp.com/AbCdEfGhIjKlMn" in page
    assert (await person.post("/chapters/anggrek/leave")).headers["location"] == "/chapters/anggrek"
    assert not await service.is_member(person_id, chapter_id)
    assert "Anda sudah keluar" in (await person.get("/chapters/anggrek")).text


async def test_a_list_is_looked_at_and_carried_out_by_two_taps(as_person: Any) -> None:
    chapter_id, ranger_id = await make_led()
    ranger = await as_person(ranger_id)

    looked = await ranger.post("/chapters/anggrek/import", **upload(CSV))
    assert looked.status_code == 303
    plan = await ranger.get(looked.headers["location"])
    assert "Tambahkan 2 anggota" in plan.text
    found = await first("select encode(file_hash, 'hex') as hash from member_import")
    assert found is not None
    done = await ranger.post(f"{looked.headers['location']}/commit", data={"file_hash": found["hash"]})

    assert done.headers["location"] == "/chapters/anggrek/members"
    assert (await service.count_members([chapter_id]))[chapter_id] == 2
    again = await ranger.post("/chapters/anggrek/import", **upload(CSV))
    assert "sudah dikenal" in (await ranger.get(again.headers["location"])).text


async def test_faults_are_shown_by_row_and_in_a_file(as_person: Any) -> None:
    _chapter_id, ranger_id = await make_led()
    ranger = await as_person(ranger_id)

    looked = await ranger.post("/chapters/anggrek/import", **upload(CSV + "Rusak;8,1E+11;grup\n"))
    page = await ranger.get(looked.headers["location"])

    assert "Nomor rusak oleh spreadsheet" in page.text
    assert "8,1E+11" in page.text
    assert "Tambahkan" not in page.text
    file = await ranger.get(f"{looked.headers['location']}/errors")
    assert file.headers["content-disposition"] == 'attachment; filename="perlu-diperbaiki.csv"'
    assert '4,"hp","8,1E+11"' in file.text


async def test_a_file_is_needed_and_too_large_ones_are_refused(as_person: Any) -> None:
    _chapter_id, ranger_id = await make_led()
    ranger = await as_person(ranger_id)

    assert "Pilih berkas CSV" in (await ranger.post("/chapters/anggrek/import", data={})).text
    looked = await ranger.post("/chapters/anggrek/import", **upload(b"x" * (service.MOST_BYTES + 1)))
    assert "Berkas paling besar 10 MB" in (await ranger.get(looked.headers["location"])).text
    assert (await ranger.post("/chapters/anggrek/import", **upload(b"x" * 12_500_000))).status_code == 413


async def test_a_changed_plan_is_said_on_the_page(as_person: Any) -> None:
    chapter_id, ranger_id = await make_led()
    ranger = await as_person(ranger_id)
    looked = await ranger.post("/chapters/anggrek/import", **upload(CSV))
    await make_member(chapter_id, "Siti Contoh", phone="+6281200000001")
    found = await first("select encode(file_hash, 'hex') as hash from member_import")
    assert found is not None

    answer = await ranger.post(f"{looked.headers['location']}/commit", data={"file_hash": found["hash"]})

    assert answer.status_code == 409
    assert "Daftar anggota berubah" in answer.text


async def test_the_export_is_a_file_after_a_reason(as_person: Any) -> None:
    chapter_id, ranger_id = await make_led()
    await make_member(chapter_id, "Bob Contoh")
    ranger = await as_person(ranger_id)

    assert (await ranger.post("/chapters/anggrek/export", data={"reason": "untuk"})).status_code == 400
    answer = await ranger.post("/chapters/anggrek/export", data={"reason": "daftar untuk kopdar"})

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "Bob Contoh" in answer.text


async def test_a_members_page_shows_the_phone_and_the_way_to_propose(as_person: Any) -> None:
    chapter_id, ranger_id = await make_led()
    bob = await make_member(chapter_id, "Bob Contoh", phone="+6281234567890")
    membership = (await service.spells(bob))[0].id
    ranger = await as_person(ranger_id)

    page = await ranger.get(f"/chapters/anggrek/members/{membership}")

    assert "0812-3456-7890" in page.text
    assert f"/chapters/anggrek/rangers?member={membership}" in page.text
    assert "0812-3456-7890" not in (await ranger.get("/chapters/anggrek/members")).text
    assert (await ranger.get(f"/chapters/anggrek/members/{uuid4()}")).status_code == 404
    assert (await ranger.get("/chapters/anggrek/members/x")).status_code == 404


async def test_own_memberships_and_stores(as_person: Any) -> None:
    chapter_id = await make_chapter("Komunitas Anggrek", slug="anggrek")
    person = await as_person(await make_member(chapter_id))
    other = await as_person(await make_person())

    assert "Komunitas Anggrek" in (await person.get("/me/memberships")).text
    assert "belum bergabung" in (await other.get("/me/memberships")).text
    sent = {"marketplace_store_id": "toko-1", "name": "Toko Satu"}
    assert (await person.post("/me/stores", data=sent)).status_code == 303
    assert "Toko Satu" in (await person.get("/me/stores")).text
    refused = await other.post("/me/stores", data={**sent, "name": "Toko Saya"})
    assert refused.status_code == 409
    assert "sudah terhubung" in refused.text
    assert "Toko Saya" in refused.text
    assert (await other.post("/me/stores", data={**sent, "marketplace_store_id": "a b"})).status_code == 400


async def test_the_api_joins_lists_and_leaves(as_token: Any) -> None:
    chapter_id, ranger_id = await make_led()
    bob = await as_token(await make_person("Bob Contoh", phone="+6281234567890"))
    ranger = await as_token(ranger_id)
    key = {"Idempotency-Key": str(uuid4())}

    refused = await bob.post("/api/v1/chapters/anggrek/memberships", json={"consent": False}, headers=key)
    assert refused.json()["errors"][0]["pointer"] == "/consent"
    for _ in range(2):
        joined = await bob.post("/api/v1/chapters/anggrek/memberships", json={"consent": True}, headers=key)
        assert (joined.status_code, joined.json()["member"]) == (201, True)
    for letter in "ABC":
        await make_member(chapter_id, f"{letter} Contoh")
    first_page = (await ranger.get("/api/v1/chapters/anggrek/memberships?limit=3")).json()
    second_page = (await ranger.get(f"/api/v1/chapters/anggrek/memberships?limit=3&after={first_page['next']}")).json()
    names = [item["name"] for item in [*first_page["items"], *second_page["items"]]]

    assert names == ["A Contoh", "B Contoh", "Bob Contoh", "C Contoh"]
    assert second_page["next"] is None
    assert first_page["items"][2]["phone_tail"] == "890"
    for _ in range(2):
        assert (await bob.delete("/api/v1/chapters/anggrek/memberships")).json()["member"] is False
    assert (await ranger.get("/api/v1/chapters/anggrek/memberships?after=!!")).status_code == 400
    assert (await ranger.get("/api/v1/chapters/anggrek/memberships?limit=101")).status_code == 400


async def test_the_api_imports_in_two_steps(as_token: Any) -> None:
    chapter_id, ranger_id = await make_led()
    ranger = await as_token(ranger_id)

    def key() -> dict[str, str]:
        return {"Idempotency-Key": str(uuid4())}

    looked = await ranger.post("/api/v1/chapters/anggrek/imports", content=CSV.encode(), headers=key())
    assert (looked.status_code, looked.json()["counts"]["new"]) == (201, 2)
    address = f"/api/v1/chapters/anggrek/imports/{looked.json()['id']}/commit"
    wrong = await ranger.post(address, json={"file_hash": "0" * 64}, headers=key())
    assert (wrong.status_code, wrong.json()["code"]) == (409, "plan_changed")
    done = await ranger.post(address, json={"file_hash": looked.json()["file_hash"]}, headers=key())

    assert (done.status_code, done.json()["committed"]) == (200, True)
    assert (await service.count_members([chapter_id]))[chapter_id] == 2
    empty = await ranger.post("/api/v1/chapters/anggrek/imports", content=b"", headers=key())
    assert empty.status_code == 400
    assert len(await rows("select 1 from membership")) == 2
