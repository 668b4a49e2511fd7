"""Joining, leaving, lists, stores and imports against the real database."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from community.accounts import service as accounts
from community.chapters.errors import ChapterNotFound
from community.kit.db import first, rows
from community.kit.viewer import Grant, ProofNeeded, Viewer
from community.members import service
from community.members.errors import (
    ChapterClosed,
    ConsentNeeded,
    ImportFaulty,
    ImportNotFound,
    MemberNotFound,
    PlanChanged,
    StoreAlreadyLinked,
    StoreNotFound,
)
from community.notifications import service as notifications
from tests.factories import NOW, make_chapter, make_member, make_membership, make_person, make_ranger

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture(autouse=True)
def wired() -> None:
    """What the roof does: a withdrawn consent cancels what was queued."""
    accounts.use_cancel(notifications.cancel)


LIST = "nama,hp,bergabung,id_toko,asal_persetujuan\n"


def viewer_of(person_id: UUID, chapter_id: UUID, role: str = "ranger", *, proved: bool = True) -> Viewer:
    return Viewer(
        person_id=person_id,
        name="Alice Contoh",
        proved_at=NOW if proved else NOW - timedelta(minutes=31),
        roles=frozenset({Grant(role, chapter_id)}),
        via="cookie",
    )


async def make_led(slug: str = "satu-contoh") -> tuple[UUID, Viewer]:
    """A chapter and its Ranger."""
    chapter_id = await make_chapter(slug=slug)
    return chapter_id, viewer_of(await make_ranger(chapter_id), chapter_id)


async def count(sql: str, *args: object) -> int:
    found = await first(sql, *args)
    return int(found["n"]) if found else 0


async def test_joining_is_ones_own_deed_with_consent(now: datetime) -> None:
    chapter_id = await make_chapter(slug="satu-contoh")
    person = await make_person()
    with pytest.raises(ConsentNeeded):
        await service.join(person, "satu-contoh", consent=False, now=now)

    for _ in range(2):
        await service.join(person, "satu-contoh", consent=True, now=now)

    assert await service.is_member(person, chapter_id)
    (spell,) = await service.spells(person)
    assert (spell.joined_on, spell.source) == (date(2026, 11, 23), "self")
    consent = await first(
        "select text_version, channel from consent where person = {} and purpose = 'membership'", person
    )
    assert consent == {"text_version": "1", "channel": "web"}
    assert await count("select count(*) as n from notice where template = 'members/welcome'") == 1


async def test_the_day_of_joining_is_the_chapters_own(now: datetime) -> None:
    await make_chapter(slug="jayapura", tz="Asia/Jayapura")
    person = await make_person()

    await service.join(person, "jayapura", consent=True, now=datetime.fromisoformat("2026-11-23T15:30:00+00:00"))

    assert (await service.spells(person))[0].joined_on == date(2026, 11, 24)


async def test_leaving_ends_the_spell_its_consent_and_its_queued_messages_and_one_may_come_back(now: datetime) -> None:
    chapter_id = await make_chapter(slug="satu-contoh")
    person = await make_person()
    await service.join(person, "satu-contoh", consent=True, now=now)
    await notifications.enqueue(
        person, "members/welcome", {"chapter": "x", "link": "/"}, now=now, category="ask", chapter_id=chapter_id
    )

    for _ in range(2):
        await service.leave(person, "satu-contoh", now=now, reason="pindah kota")
    assert not await service.is_member(person, chapter_id)
    queued = (
        "select count(*) as n from delivery d join notice n on n.id = d.notice where n.person = {} and d.state = {}"
    )
    assert (await count(queued, person, "pending"), await count(queued, person, "cancelled")) == (1, 1)
    assert await count("select count(*) as n from consent where person = {} and withdrawn_at is null", person) == 0
    await service.join(person, "satu-contoh", consent=True, now=now + timedelta(days=1))

    spells = await service.spells(person)
    assert [spell.left_on for spell in spells] == [None, date(2026, 11, 23)]
    found = await service.latest_spell(person, "satu-contoh", now=now)
    assert found is not None
    assert found.left_on is None


async def test_nobody_is_welcomed_to_a_chapter_they_have_left(now: datetime) -> None:
    chapter_id = await make_chapter(slug="satu-contoh")
    person = await make_person()
    await service.join(person, "satu-contoh", consent=True, now=now)
    assert await service.still_true("members/welcome", ("chapter", chapter_id), person, now=now)

    await service.leave(person, "satu-contoh", now=now)

    assert not await service.still_true("members/welcome", ("chapter", chapter_id), person, now=now)


async def test_a_closed_chapter_takes_nobody_in_and_lets_everybody_out(now: datetime) -> None:
    chapter_id = await make_chapter(slug="tutup", state="closed")
    member = await make_member(chapter_id)
    with pytest.raises(ChapterClosed):
        await service.join(await make_person(), "tutup", consent=True, now=now)

    await service.leave(member, "tutup", now=now)

    assert (await service.count_members([chapter_id]))[chapter_id] == 0


async def test_one_may_belong_to_several_chapters(now: datetime) -> None:
    person = await make_person()
    for slug in ("satu-contoh", "dua-contoh"):
        await make_chapter(slug=slug)
        await service.join(person, slug, consent=True, now=now)

    assert len(await service.spells(person)) == 2


async def test_the_list_shows_its_rangers_the_end_of_a_phone_and_records_the_look(now: datetime) -> None:
    chapter_id, viewer = await make_led()
    bob = await make_member(chapter_id, "Bob Contoh", phone="+6281234567890")
    await make_member(chapter_id, "Citra Contoh")

    page = await service.member_page(viewer, "satu-contoh", "", 1, now=now)
    assert [(row.name, row.phone_tail) for row in page.page.items] == [("Bob Contoh", "890"), ("Citra Contoh", None)]
    for text, names in (("890", ["Bob Contoh"]), ("citra", ["Citra Contoh"]), ("%", []), ("7890", [])):
        page = await service.member_page(viewer, "satu-contoh", text, 1, now=now)
        assert [row.name for row in page.page.items] == names
    (bob_row,) = (await service.member_page(viewer, "satu-contoh", "890", 1, now=now)).page.items
    one = await service.show_member(viewer, "satu-contoh", bob_row.id, now=now)

    assert one.phone == "+6281234567890"
    assert (
        await count("select count(*) as n from audit_entry where action = 'member.phone.read' and subject_id = {}", bob)
        == 1
    )
    assert await count("select count(*) as n from audit_entry where action = 'member.list.read'") == 6


async def test_nobody_else_sees_the_list(now: datetime) -> None:
    chapter_id, viewer = await make_led()
    member = await make_member(chapter_id)
    _other, stranger = await make_led("dua-contoh")
    membership = (await service.spells(member))[0].id

    for who in (stranger, Viewer(person_id=member, via="cookie"), Viewer(person_id=viewer.person_id, via="token")):
        with pytest.raises(ChapterNotFound):
            await service.member_page(who, "satu-contoh", "", 1, now=now)
        with pytest.raises(ChapterNotFound):
            await service.show_member(who, "satu-contoh", membership, now=now)
    with pytest.raises(MemberNotFound):
        await service.show_member(stranger, "dua-contoh", membership, now=now)


async def test_the_export_is_proved_recorded_told_and_cannot_calculate(now: datetime) -> None:
    chapter_id, viewer = await make_led()
    await make_member(chapter_id, "=SUM(1)", phone="+6281234567890", email="a@contoh.example")
    with pytest.raises(ProofNeeded):
        stale = viewer_of(viewer.person(), chapter_id, proved=False)
        await service.export_members(stale, "satu-contoh", "untuk kopdar", now=now)
    deputy = viewer_of(await make_ranger(chapter_id, role="deputy"), chapter_id, "deputy")
    with pytest.raises(ChapterNotFound):
        await service.export_members(deputy, "satu-contoh", "untuk kopdar", now=now)

    name, body = await service.export_members(viewer, "satu-contoh", "untuk kopdar", now=now)

    assert name == "anggota-satu-contoh-2026-11-23.csv"
    assert '"\t=SUM(1)","0812-3456-7890","a@contoh.example","2026-06-01","day","self",""' in body.decode("utf-8-sig")
    entry = await first("select reason, detail::text as detail from audit_entry where action = 'member.export'")
    assert entry is not None
    assert (entry["reason"], "0812" in entry["detail"]) == ("untuk kopdar", False)
    assert await count("select count(*) as n from notice where template = 'members/exported'") == 1


async def test_a_store_belongs_to_one_person_at_a_time(now: datetime) -> None:
    alice, bob = await make_person(), await make_person()
    await service.link_store(alice, "toko-1", "Toko Satu", now=now)
    await service.link_store(alice, "toko-1", "Toko Satu", now=now)
    with pytest.raises(StoreAlreadyLinked) as refused:
        await service.link_store(bob, "toko-1", "Toko Saya", now=now)
    assert "Satu" not in str(refused.value.current)
    (store,) = await service.stores(alice)
    with pytest.raises(StoreNotFound):
        await service.unlink_store(bob, store.id, now=now)

    await service.unlink_store(alice, store.id, now=now)
    await service.link_store(bob, "toko-1", "Toko Saya", now=now)

    assert [s.until_at is None for s in await service.stores(alice)] == [False]
    assert len(await service.stores(bob)) == 1


async def test_a_person_takes_everything_of_this_room_along_and_nothing_of_others(now: datetime) -> None:
    chapter_id, _viewer = await make_led()
    bob = await make_member(chapter_id)
    await service.link_store(bob, "toko-1", "Toko Satu", now=now)
    await make_member(chapter_id, "Citra Contoh")

    found = await service.export_person(bob)

    assert [row["chapter"] for row in found["memberships"]] == ["Komunitas Contoh"]
    assert [row["name"] for row in found["stores"]] == ["Toko Satu"]
    assert found["imports"] == []


async def look(viewer: Viewer, text: str, now: datetime) -> service.Draft:
    return await service.look(viewer, "satu-contoh", "daftar.csv", (LIST + text).encode(), now=now)


async def test_a_look_stores_nobody_and_a_commit_everybody_once(now: datetime) -> None:
    chapter_id, viewer = await make_led()
    text = "Siti Contoh,0812 0000 0001,Maret 2019,toko1,grup lama\nBudi Contoh,,2020,,formulir\n"
    before = await count("select count(*) as n from person")

    draft = await look(viewer, text, now)
    assert draft.report.counts["new"] == 2
    assert await count("select count(*) as n from person") == before
    report = await service.commit(viewer, "satu-contoh", draft.id, draft.file_hash, now=now)

    assert report.added == 2
    found = await rows(
        "select p.name, p.kind, p.phone, m.joined_on, m.precision, m.source, m.consent_origin from membership m "
        "join person p on p.id = m.person where m.chapter = {} order by p.name",
        chapter_id,
    )
    assert [tuple(row.values()) for row in found] == [
        ("Budi Contoh", "guest", None, date(2020, 1, 1), "year", "import", "formulir"),
        ("Siti Contoh", "guest", "+6281200000001", date(2019, 3, 1), "month", "import", "grup lama"),
    ]
    assert await count("select count(*) as n from store where marketplace_store_id = 'toko1' and until_at is null") == 1
    assert await count("select count(*) as n from consent") == 0
    assert await count("select count(*) as n from notice where template = 'members/imported'") == 1
    assert await count("select count(*) as n from member_import where content is null and committed_at = {}", now) == 1
    with pytest.raises(ImportNotFound):
        await service.commit(viewer, "satu-contoh", draft.id, draft.file_hash, now=now)
    again = await look(viewer, text, now)
    assert (again.report.added, again.report.counts["member"]) == (0, 2)


async def test_a_known_person_gets_a_spell_and_no_second_row(now: datetime) -> None:
    chapter_id, viewer = await make_led()
    known = await make_person("Siti Contoh", phone="+6281200000001")
    left = await make_person("Lama Contoh", phone="+6281200000002")
    await make_membership(left, chapter_id, left_on=date(2026, 8, 1))
    before = await count("select count(*) as n from person")

    draft = await look(viewer, "Siti Contoh,081200000001,,,grup\nLama Contoh,081200000002,,,grup\n", now)
    await service.commit(viewer, "satu-contoh", draft.id, draft.file_hash, now=now)

    assert (draft.report.counts["same"], draft.report.counts["left"]) == (1, 1)
    assert await count("select count(*) as n from person") == before
    assert await service.is_member(known, chapter_id)
    assert not await service.is_member(left, chapter_id)


async def test_a_faulty_list_is_never_carried_out(now: datetime) -> None:
    _chapter_id, viewer = await make_led()
    draft = await look(viewer, "Siti Contoh,0812,,,grup\nBudi Contoh,,,,grup\n", now)

    assert [(error.number, error.column) for error in draft.report.errors] == [(2, "hp")]
    assert (await service.draft(viewer, "satu-contoh", draft.id, now=now)).report.errors == draft.report.errors
    with pytest.raises(ImportFaulty):
        await service.commit(viewer, "satu-contoh", draft.id, draft.file_hash, now=now)
    name, body = await service.errors_file(viewer, "satu-contoh", draft.id, now=now)
    assert name.endswith(".csv")
    assert '2,"hp","0812"' in body.decode("utf-8-sig")


async def test_a_plan_that_would_come_out_differently_is_refused_whole(now: datetime) -> None:
    chapter_id, viewer = await make_led()
    draft = await look(viewer, "Siti Contoh,081200000001,,,grup\nBudi Contoh,,,,grup\n", now)
    await make_member(chapter_id, "Siti Contoh", phone="+6281200000001")
    before = await count("select count(*) as n from membership")

    with pytest.raises(PlanChanged) as refused:
        await service.commit(viewer, "satu-contoh", draft.id, draft.file_hash, now=now)
    with pytest.raises(PlanChanged):
        await service.commit(viewer, "satu-contoh", draft.id, "0" * 64, now=now)

    assert refused.value.current is not None
    assert refused.value.current["counts"]["member"] == 1
    assert await count("select count(*) as n from membership") == before


async def test_an_import_is_for_a_proved_ranger_of_the_chapter_and_for_a_day(now: datetime) -> None:
    chapter_id, viewer = await make_led()
    draft = await look(viewer, "Budi Contoh,,,,grup\n", now)
    _other, stranger = await make_led("dua-contoh")
    deputy = viewer_of(await make_ranger(chapter_id, role="deputy"), chapter_id, "deputy")
    for who, slug, error in (
        (stranger, "satu-contoh", ChapterNotFound),
        (deputy, "satu-contoh", ChapterNotFound),
        (stranger, "dua-contoh", ImportNotFound),
        (viewer_of(viewer.person(), chapter_id, proved=False), "satu-contoh", ProofNeeded),
    ):
        with pytest.raises(error):
            await service.commit(who, slug, draft.id, draft.file_hash, now=now)
        with pytest.raises(error):
            await service.draft(who, slug, draft.id, now=now)

    with pytest.raises(ImportNotFound):
        late = now + timedelta(days=1, seconds=1)
        await service.draft(Viewer(**{**viewer.__dict__, "proved_at": late}), "satu-contoh", draft.id, now=late)
    assert await service.forget_contents(now=now + timedelta(hours=23)) == 0
    assert await service.forget_contents(now=now + timedelta(hours=25)) == 1


async def test_the_operator_looks_and_carries_out_without_being_anybody(now: datetime) -> None:
    chapter_id = await make_chapter(slug="satu-contoh")
    content = (LIST + "Siti Contoh,081200000001,,,grup\n").encode()

    looked = await service.import_members("satu-contoh", content, commit=False, now=now)
    assert (looked.added, (await service.count_members([chapter_id]))[chapter_id]) == (1, 0)
    done = await service.import_members("satu-contoh", content, commit=True, now=now)

    assert (done.added, (await service.count_members([chapter_id]))[chapter_id]) == (1, 1)
    with pytest.raises(ChapterNotFound):
        await service.import_members("tidak-ada", content, commit=False, now=now)
