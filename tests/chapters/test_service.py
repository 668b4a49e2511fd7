"""Chapters against the real database: propose, answer, wake, rest, edit."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from community.chapters import service
from community.chapters.errors import (
    ChapterNotFound,
    ChapterResting,
    ConductNeeded,
    FoundersMissing,
    InvitationNotFound,
    InvitationTaken,
    InviteRefused,
    ProposalAnswered,
    RegionUnknown,
    SecondFounderNeeded,
    SlugRefused,
    SlugTaken,
)
from community.chapters.service import Proposal, State, Texts
from community.kit.db import rows
from community.kit.errors import NotAllowed, StaleVersion
from community.kit.viewer import ANYBODY, Grant, Viewer
from tests.factories import make_chapter, make_person, make_ranger, make_role

pytestmark = pytest.mark.usefixtures("db")
PROPOSAL = Proposal(
    name="Pelapak Kediri",
    seat_code="35.71",
    more_codes=("35.06",),
    founder_name="Pendiri Kedua",
    founder_contact="kedua@contoh.example",
    conduct=True,
)


async def told(person_id: UUID) -> list[str]:
    found = await rows("select template from notice where person = {} order by created_at, id", person_id)
    return [row["template"] for row in found]


async def audited(chapter_id: UUID) -> list[str]:
    found = await rows("select action from audit_entry where chapter_id = {} order by id", chapter_id)
    return [row["action"] for row in found]


async def invitation_of(chapter_id: UUID) -> str:
    (row,) = await rows("select id from chapter_founder where chapter = {} and accepted_at is null", chapter_id)
    return service.invitation_token(row["id"])


async def make_hq() -> Viewer:
    person = await make_person("Hana Contoh")
    await make_role(person, "hq")
    return Viewer(person_id=person, roles=frozenset({Grant("hq")}), via="cookie")


async def make_proposal(now: datetime) -> tuple[service.Chapter, UUID, UUID]:
    """A proposal both founders stand behind, with their ids."""
    first, second = await make_person("Pendiri Satu"), await make_person("Pendiri Dua")
    chapter = await service.propose(first, PROPOSAL, now=now)
    await service.accept_founding(await invitation_of(chapter.id), second, conduct=True, now=now)
    return chapter, first, second


async def test_proposing_makes_a_chapter_in_the_zone_of_its_seat_that_only_its_founders_see(now: datetime) -> None:
    person = await make_person()

    chapter = await service.propose(person, PROPOSAL, now=now)

    assert (chapter.slug, chapter.tz, chapter.state) == ("pelapak-kediri", "Asia/Jakarta", State.PROPOSED)
    page = await service.chapter_page(Viewer(person_id=person, via="cookie"), chapter.slug, now=now)
    assert [region.code for region in page.regions] == ["35.71", "35.06"]
    assert page.proposal is not None
    assert [founder.accepted for founder in page.proposal.founders] == [True, False]
    for stranger in (None, await make_person()):
        with pytest.raises(ChapterNotFound):
            await service.access_chapter(stranger, chapter.slug, now=now)
    assert "chapter.propose" in await audited(chapter.id)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"conduct": False}, ConductNeeded),
        ({"seat_code": "99.99"}, RegionUnknown),
        ({"seat_code": "35"}, RegionUnknown),
        ({"seat_code": "x"}, RegionUnknown),
        ({"more_codes": ("35",)}, RegionUnknown),
        ({"slug": "Bukan Alamat"}, SlugRefused),
        ({"slug": "propose"}, SlugRefused),
    ],
)
async def test_a_wrong_proposal_is_refused(changes: dict[str, Any], error: type[Exception], now: datetime) -> None:
    with pytest.raises(error):
        await service.propose(await make_person(), replace(PROPOSAL, **changes), now=now)


async def test_nobody_is_their_own_second_founder(now: datetime) -> None:
    person = await make_person(email="sendiri@contoh.example")

    with pytest.raises(SecondFounderNeeded):
        await service.propose(person, replace(PROPOSAL, founder_contact="Sendiri@contoh.example"), now=now)


async def test_an_address_once_given_is_never_given_again(now: datetime) -> None:
    await make_chapter(slug="pelapak-kediri")
    person = await make_person()

    second = await service.propose(person, PROPOSAL, now=now)

    assert second.slug == "pelapak-kediri-2"
    with pytest.raises(SlugTaken):
        await service.propose(person, replace(PROPOSAL, slug="pelapak-kediri"), now=now)


async def test_with_the_second_founder_headquarters_is_asked(now: datetime) -> None:
    hq = await make_hq()
    first, second = await make_person(), await make_person()
    chapter = await service.propose(first, PROPOSAL, now=now)
    assert await service.proposals(hq, now=now) == []

    await service.accept_founding(await invitation_of(chapter.id), second, conduct=True, now=now)

    (waiting,) = await service.proposals(hq, now=now)
    assert waiting.chapter.id == chapter.id
    assert not waiting.overdue
    assert (await service.proposals(hq, now=now + timedelta(days=7)))[0].overdue
    assert await told(hq.person()) == ["chapters/proposal_ready"]


async def test_an_invitation_is_taken_once_and_by_another_than_the_proposer(now: datetime) -> None:
    first, second, third = await make_person(), await make_person(), await make_person()
    chapter = await service.propose(first, PROPOSAL, now=now)
    token = await invitation_of(chapter.id)

    with pytest.raises(ConductNeeded):
        await service.accept_founding(token, second, conduct=False, now=now)
    with pytest.raises(InvitationTaken):
        await service.accept_founding(token, first, conduct=True, now=now)
    await service.accept_founding(token, second, conduct=True, now=now)
    await service.accept_founding(token, second, conduct=True, now=now)
    with pytest.raises(InvitationTaken):
        await service.accept_founding(token, third, conduct=True, now=now)


async def test_an_invitation_to_a_known_account_is_for_that_account(now: datetime) -> None:
    known = await make_person(email="kedua@contoh.example")
    chapter = await service.propose(await make_person(), PROPOSAL, now=now)
    token = await invitation_of(chapter.id)

    with pytest.raises(InvitationNotFound):
        await service.accept_founding(token, await make_person(), conduct=True, now=now)
    assert await told(known) == ["chapters/founder_invited"]
    await service.accept_founding(token, known, conduct=True, now=now)


@pytest.mark.parametrize("token", ["", "x", "é", "A" * 43, "=" * 10])
async def test_a_forged_invitation_is_none(token: str) -> None:
    with pytest.raises(InvitationNotFound):
        await service.invitation(token)


async def test_headquarters_endorses_once_and_only_with_two_founders(now: datetime) -> None:
    hq = await make_hq()
    early = await service.propose(await make_person(), PROPOSAL, now=now)
    with pytest.raises(FoundersMissing):
        await service.endorse(hq, early.slug, now=now)
    chapter, first, second = await make_proposal(now)

    endorsed, founders = await service.endorse(hq, chapter.slug, now=now)

    assert endorsed.state is State.FORMING
    assert set(founders) == {first, second}
    assert "chapters/endorsed" in await told(second)
    with pytest.raises(ProposalAnswered):
        await service.endorse(hq, chapter.slug, now=now)


async def test_only_headquarters_answers(now: datetime) -> None:
    chapter, first, _second = await make_proposal(now)

    for person in (first, await make_person()):
        with pytest.raises(ChapterNotFound):
            await service.endorse(person, chapter.slug, now=now)
        with pytest.raises(NotAllowed):
            await service.proposals(Viewer(person_id=person, via="cookie"), now=now)


async def test_belum_leaves_the_list_until_a_founder_asks_again(now: datetime) -> None:
    hq = await make_hq()
    chapter, first, second = await make_proposal(now)

    await service.answer_not_yet(hq, chapter.slug, "Cari dulu dua Ranger lagi ya.", now=now + timedelta(hours=1))

    assert await service.proposals(hq, now=now) == []
    assert "chapters/not_yet" in await told(first)
    page = await service.chapter_page(Viewer(person_id=second, via="cookie"), chapter.slug, now=now)
    assert page.proposal is not None
    assert page.proposal.answer == "Cari dulu dua Ranger lagi ya."
    with pytest.raises(ProposalAnswered):
        await service.answer_not_yet(hq, chapter.slug, "Sekali lagi, belum bisa.", now=now + timedelta(hours=2))
    await service.ask_again(second, chapter.slug, now=now + timedelta(hours=3))
    assert len(await service.proposals(hq, now=now + timedelta(hours=3))) == 1


async def test_an_invitation_to_a_withdrawn_proposal_is_not_mailed(now: datetime) -> None:
    chapter, founder, second = await make_proposal(now)

    async def invites() -> bool:
        return await service.still_true("chapters/founder_invited", ("chapter", chapter.id), second, now=now)

    assert await invites()
    await service.withdraw_proposal(founder, chapter.slug, now=now)
    assert not await invites()


async def test_a_proposal_is_withdrawn_by_a_founder_or_closed_after_half_a_year(now: datetime) -> None:
    chapter, first, _second = await make_proposal(now)
    with pytest.raises(ChapterNotFound):
        await service.withdraw_proposal(await make_person(), chapter.slug, now=now)
    await service.withdraw_proposal(first, chapter.slug, now=now)
    left = await service.propose(await make_person(), replace(PROPOSAL, name="Lain"), now=now)

    assert await service.close_stale_proposals(now=now + timedelta(days=179)) == 0
    assert await service.close_stale_proposals(now=now + timedelta(days=180)) == 1

    states = [(await service.find_chapter(each.id)).state for each in (chapter, left)]
    assert states == [State.CLOSED, State.CLOSED]


async def test_the_first_event_with_somebody_there_makes_a_forming_chapter_active(now: datetime) -> None:
    chapter_id = await make_chapter(state="forming", last_activity_at=None)

    await service.mark_activity(chapter_id, "published", now + timedelta(days=3), now=now)
    await service.mark_activity(chapter_id, "finished", now + timedelta(days=3), now=now)
    assert (await service.find_chapter(chapter_id)).state is State.FORMING
    await service.mark_activity(chapter_id, "attended", now + timedelta(days=3), now=now)

    chapter = await service.find_chapter(chapter_id)
    assert chapter.state is State.ACTIVE
    assert chapter.last_activity_at == now + timedelta(days=3)


async def test_publishing_wakes_a_resting_chapter_and_headquarters_hears_of_it(now: datetime) -> None:
    hq = await make_hq()
    chapter_id = await make_chapter(state="dormant")

    await service.mark_activity(chapter_id, "published", now + timedelta(days=3), now=now)

    assert (await service.find_chapter(chapter_id)).state is State.ACTIVE
    assert await told(hq.person()) == ["chapters/woke"]


async def test_120_days_without_an_event_let_a_chapter_rest_once(now: datetime) -> None:
    silent = await make_chapter(state_since=now - timedelta(days=300), last_activity_at=now - timedelta(days=120))
    busy = await make_chapter(state_since=now - timedelta(days=300), last_activity_at=now - timedelta(days=119))
    coming = await make_chapter(state_since=now - timedelta(days=300), last_activity_at=now + timedelta(days=5))
    ranger = await make_ranger(silent)

    assert await service.fall_silent(now=now) == 1
    assert await service.fall_silent(now=now) == 0

    states = [(await service.find_chapter(each)).state for each in (silent, busy, coming)]
    assert states == [State.DORMANT, State.ACTIVE, State.ACTIVE]
    assert await told(ranger) == ["chapters/resting"]


async def test_rangers_let_their_own_chapter_rest(now: datetime) -> None:
    chapter_id = await make_chapter(slug="satu-contoh")
    ranger, deputy = await make_ranger(chapter_id), await make_ranger(chapter_id, role="deputy")

    with pytest.raises(ChapterNotFound):
        await service.rest(deputy, "satu-contoh", now=now)
    await service.rest(ranger, "satu-contoh", now=now)
    with pytest.raises(ChapterResting):
        await service.rest(ranger, "satu-contoh", now=now)


async def test_an_edit_needs_the_version_it_was_made_from_and_moves_the_address_for_ever(now: datetime) -> None:
    chapter_id = await make_chapter(slug="lama-contoh")
    ranger = await make_ranger(chapter_id)
    texts = Texts("Nama Baru", "Tentang kami", "https://chat.whatsapp.com/AbCdEfGhIjKlMnOp", "baru-contoh")

    edited = await service.edit(ranger, "lama-contoh", texts, 1, now=now)

    assert (edited.slug, edited.name, edited.version) == ("baru-contoh", "Nama Baru", 2)
    assert (await service.access_chapter(None, "lama-contoh", now=now)).slug == "baru-contoh"
    with pytest.raises(StaleVersion) as stale:
        await service.edit(ranger, "baru-contoh", texts, 1, now=now)
    assert stale.value.current is not None
    assert stale.value.current["version"] == 2
    other = await make_chapter(slug="lain-contoh")
    with pytest.raises(SlugTaken):
        await service.edit(await make_ranger(other), "lain-contoh", replace(texts, slug="lama-contoh"), 1, now=now)
    back = await service.edit(ranger, "baru-contoh", replace(texts, slug="lama-contoh"), 2, now=now)
    assert back.slug == "lama-contoh"


@pytest.mark.parametrize(
    ("changes", "error"),
    [({"whatsapp_invite": "https://contoh.example/x"}, InviteRefused), ({"slug": "A B"}, SlugRefused)],
)
async def test_a_wrong_edit_changes_nothing(changes: dict[str, Any], error: type[Exception], now: datetime) -> None:
    chapter_id = await make_chapter(slug="satu-contoh")
    ranger = await make_ranger(chapter_id)

    with pytest.raises(error):
        await service.edit(
            ranger, "satu-contoh", replace(Texts("Baru", "", None, "satu-contoh"), **changes), 1, now=now
        )

    assert (await service.find_chapter(chapter_id)).name == "Komunitas Contoh"


async def test_rights_are_those_of_this_moment_and_this_chapter(now: datetime) -> None:
    await make_chapter(slug="satu-contoh")
    chapter_id = await make_chapter(slug="dua-contoh")
    ranger, deputy = await make_ranger(chapter_id), await make_ranger(chapter_id, role="deputy")

    assert (await service.access_chapter(deputy, "dua-contoh", may="run", now=now)).id == chapter_id
    assert (await service.access_chapter(ranger, "dua-contoh", may="lead", now=now, lock=True)).id == chapter_id
    for person, slug, may in (
        (deputy, "dua-contoh", "lead"),
        (ranger, "satu-contoh", "run"),
        (None, "dua-contoh", "run"),
    ):
        with pytest.raises(ChapterNotFound):
            await service.access_chapter(person, slug, may=may, now=now)  # type: ignore[arg-type]
    with pytest.raises(ChapterNotFound):
        await service.access_chapter(ranger, "dua-contoh", may="run", now=now - timedelta(days=31))
    own_data_token = Viewer(person_id=ranger, via="token")
    with pytest.raises(ChapterNotFound):
        await service.access_chapter(own_data_token, "dua-contoh", may="run", now=now)


async def test_the_list_finds_by_name_place_and_province_a_page_at_a_time(now: datetime) -> None:
    await make_chapter("Anggrek", slug="anggrek", region_code="34.71")
    await make_chapter("Bakung", slug="bakung", region_code="35.78", state="dormant")
    await make_chapter("Cempaka", slug="cempaka", state="closed")
    await make_chapter("Dahlia", slug="dahlia", state="proposed")

    def names(page: service.ListPage) -> list[str]:
        return [item.chapter.name for item in page.page.items]

    assert names(await service.list_page("", None, 1)) == ["Anggrek", "Bakung"]
    assert names(await service.list_page("bakung", None, 1)) == ["Bakung"]
    assert names(await service.list_page("surabaya", None, 1)) == ["Bakung"]
    assert names(await service.list_page("", "34", 1)) == ["Anggrek"]
    assert names(await service.list_page("%", None, 1)) == []
    assert names(await service.list_page("", None, 2)) == []
    page = await service.list_page("", None, 1)
    assert (page.counts, len(page.dots.dots)) == ({"active": 1, "resting": 1}, 2)


async def test_the_curriculum_is_complete_and_consistent() -> None:
    topics = await service.list_topics()
    keys = {topic["key"] for topic in topics}

    assert len(topics) == len(keys) == 21
    assert all(set(topic["after"]) <= keys for topic in topics)
    assert all(1 <= len(topic["goals"]) <= 5 and topic["minutes"] > 0 for topic in topics)
    sections = await service.topics_page()
    assert sum(len(section.topics) for section in sections) == 21


async def test_a_panel_of_a_room_above_is_shown_where_it_belongs(now: datetime) -> None:
    chapter_id = await make_chapter(slug="satu-contoh")
    page = await service.chapter_page(ANYBODY, "satu-contoh", now=now)

    assert page.chapter.id == chapter_id
    assert all(isinstance(panel, service.Panel) for panel in page.panels)


async def test_a_person_takes_what_they_founded_along(now: datetime) -> None:
    _chapter, first_founder, second = await make_proposal(now)

    assert [row["proposed"] for row in (await service.export_person(first_founder))["founded"]] == [True]
    assert [row["proposed"] for row in (await service.export_person(second))["founded"]] == [False]
    assert (await service.export_person(await make_person()))["founded"] == []
