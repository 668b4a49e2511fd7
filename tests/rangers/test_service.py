"""Terms, profiles and leaves against the real database."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

import pytest

from community.accounts import service as accounts
from community.chapters import service as chapters
from community.chapters.errors import ChapterNotFound, RegionUnknown
from community.chapters.service import State
from community.kit.db import first, rows
from community.kit.errors import StaleVersion
from community.kit.viewer import Grant, Viewer
from community.members import service as members
from community.members.errors import MemberNotFound
from community.notifications import service as notifications
from community.rangers import service
from community.rangers.errors import (
    AccountNeeded,
    AlreadyRanger,
    ConductNeeded,
    LanguageUnknown,
    LeaveNotFound,
    LeaveRefused,
    NotRenewable,
    ProfileNotFound,
    SpellNotFound,
    TooManyTopics,
    TopicUnknown,
)
from community.rangers.service import Absence, Changes, Purpose, Role
from tests.factories import make_chapter, make_member, make_person, make_ranger, make_role

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture(autouse=True)
def wired() -> None:
    """What the roof does: a withdrawn consent cancels what was queued."""
    accounts.use_cancel(notifications.cancel)


async def viewer_of(person_id: UUID, now: datetime) -> Viewer:
    roles = await accounts.roles_of(person_id, now=now)
    return Viewer(person_id=person_id, name="Alice Contoh", roles=roles, proved_at=now, via="cookie")


async def make_team(now: datetime) -> tuple[UUID, Viewer, UUID, UUID]:
    """A chapter, its Ranger, and a member with the membership's id."""
    chapter_id = await make_chapter(slug="satu-contoh")
    viewer = await viewer_of(await make_ranger(chapter_id), now)
    bob = await make_member(chapter_id)
    return chapter_id, viewer, bob, (await members.spells(bob))[0].id


async def told(person_id: UUID) -> list[str]:
    return [
        row["template"] for row in await rows("select template from notice where person = {} order by id", person_id)
    ]


async def holds(person_id: UUID, role: str, chapter_id: UUID, now: datetime) -> bool:
    return Grant(role, chapter_id) in await accounts.roles_of(person_id, now=now)


async def test_the_founders_of_an_endorsed_chapter_are_its_first_rangers(now: datetime) -> None:
    hq = await make_person()
    await make_role(hq, "hq")
    founder, second = await make_person(), await make_person()
    proposal = chapters.Proposal("Pelapak Kediri", "35.71", (), "Kedua", "081200000001", True)
    chapter = await chapters.propose(founder, proposal, now=now)
    row = await first("select id from chapter_founder where accepted_at is null")
    assert row is not None
    await chapters.accept_founding(chapters.invitation_token(row["id"]), second, conduct=True, now=now)

    endorsed = await service.endorse_chapter(await viewer_of(hq, now), chapter.slug, now=now)

    assert endorsed.state is State.FORMING
    for person in (founder, second):
        assert await holds(person, "ranger", chapter.id, now)
        assert (await service.profile_of(person, person)).home_region == "35.71"
    with pytest.raises(ChapterNotFound):
        await service.endorse_chapter(await viewer_of(founder, now), chapter.slug, now=now)


async def test_a_member_is_proposed_and_becomes_a_ranger_by_their_own_yes(now: datetime) -> None:
    chapter_id, viewer, bob, membership = await make_team(now)

    spell = await service.propose(viewer, "satu-contoh", membership, Role.RANGER, now=now)
    assert await told(bob) == ["rangers/proposed"]
    assert not await holds(bob, "ranger", chapter_id, now)
    with pytest.raises(AlreadyRanger):
        await service.propose(viewer, "satu-contoh", membership, Role.DEPUTY, now=now)
    with pytest.raises(ConductNeeded):
        await service.accept(bob, spell.id, conduct=False, now=now)
    with pytest.raises(SpellNotFound):
        await service.accept(viewer.person(), spell.id, conduct=True, now=now)
    await service.accept(bob, spell.id, conduct=True, now=now)

    assert await holds(bob, "ranger", chapter_id, now)
    (term,) = (await service.my_ranger(bob, now=now)).terms
    assert (term.spell.from_on, term.spell.to_on) == (date(2026, 11, 23), date(2027, 11, 23))
    assert await told(viewer.person()) == ["rangers/joined"]
    with pytest.raises(SpellNotFound):
        await service.accept(bob, spell.id, conduct=True, now=now)


async def test_a_mail_about_a_proposal_leaves_only_while_it_waits(now: datetime) -> None:
    _chapter_id, viewer, bob, membership = await make_team(now)
    spell = await service.propose(viewer, "satu-contoh", membership, Role.RANGER, now=now)

    async def asks() -> bool:
        return await service.still_true("rangers/proposed", ("ranger_spell", spell.id), bob, now=now)

    assert await asks()
    await service.accept(bob, spell.id, conduct=True, now=now)
    assert not await asks()
    assert await service.still_true("rangers/renew", ("ranger_spell", spell.id), bob, now=now)
    await service.stop(bob, "satu-contoh", now=now)
    assert not await service.still_true("rangers/renew", ("ranger_spell", spell.id), bob, now=now)


async def test_who_declines_is_not_asked_why(now: datetime) -> None:
    chapter_id, viewer, bob, membership = await make_team(now)
    spell = await service.propose(viewer, "satu-contoh", membership, Role.RANGER, now=now)

    await service.decline(bob, spell.id, now=now)

    assert await told(viewer.person()) == ["rangers/declined"]
    assert not await holds(bob, "ranger", chapter_id, now)
    await service.propose(viewer, "satu-contoh", membership, Role.RANGER, now=now)


async def test_only_rangers_of_the_chapter_propose_and_only_members_with_an_account(now: datetime) -> None:
    chapter_id, viewer, bob, membership = await make_team(now)
    deputy = await viewer_of(await make_ranger(chapter_id, role="deputy"), now)
    stranger = await viewer_of(await make_ranger(await make_chapter(slug="dua-contoh")), now)
    guest = await make_member(chapter_id, kind="guest")

    for who in (deputy, stranger, await viewer_of(bob, now)):
        with pytest.raises(ChapterNotFound):
            await service.propose(who, "satu-contoh", membership, Role.DEPUTY, now=now)
    with pytest.raises(MemberNotFound):
        await service.propose(stranger, "dua-contoh", membership, Role.DEPUTY, now=now)
    with pytest.raises(AccountNeeded):
        await service.propose(viewer, "satu-contoh", (await members.spells(guest))[0].id, Role.DEPUTY, now=now)


async def test_a_deputy_becomes_a_ranger_and_is_a_deputy_no_more(now: datetime) -> None:
    chapter_id, viewer, bob, membership = await make_team(now)
    first_spell = await service.propose(viewer, "satu-contoh", membership, Role.DEPUTY, now=now)
    await service.accept(bob, first_spell.id, conduct=True, now=now)
    assert await holds(bob, "deputy", chapter_id, now)

    second = await service.propose(viewer, "satu-contoh", membership, Role.RANGER, now=now)
    await service.accept(bob, second.id, conduct=True, now=now)

    assert not await holds(bob, "deputy", chapter_id, now)
    assert [term.spell.role for term in (await service.my_ranger(bob, now=now)).terms] == [Role.RANGER]


async def test_a_ranger_ends_deputies_and_proposals_but_no_other_ranger(now: datetime) -> None:
    chapter_id, viewer, bob, membership = await make_team(now)
    spell = await service.propose(viewer, "satu-contoh", membership, Role.DEPUTY, now=now)
    await service.accept(bob, spell.id, conduct=True, now=now)
    own = await first("select id from ranger_spell where role = 'ranger'")
    assert own is not None

    with pytest.raises(SpellNotFound):
        await service.end_term(viewer, "satu-contoh", own["id"], now=now)
    await service.end_term(viewer, "satu-contoh", spell.id, now=now)

    assert not await holds(bob, "deputy", chapter_id, now)
    assert "rangers/ended" in await told(bob)
    proposal = await service.propose(viewer, "satu-contoh", membership, Role.RANGER, now=now)
    await service.end_term(viewer, "satu-contoh", proposal.id, now=now)
    with pytest.raises(SpellNotFound):
        await service.accept(bob, proposal.id, conduct=True, now=now)


async def test_also_the_last_ranger_may_stop_and_the_chapter_looks_for_one(now: datetime) -> None:
    chapter_id, viewer, bob, _membership = await make_team(now)
    other = await make_ranger(chapter_id, "Rudi Contoh")
    with pytest.raises(SpellNotFound):
        await service.stop(bob, "satu-contoh", now=now)

    await service.stop(viewer.person(), "satu-contoh", now=now)
    assert (await chapters.find_chapter(chapter_id)).state is State.ACTIVE
    assert await told(other) == ["rangers/left"]
    await service.stop(other, "satu-contoh", now=now)

    assert (await chapters.find_chapter(chapter_id)).state is State.DORMANT
    assert not await holds(other, "ranger", chapter_id, now)
    panel = await service.chapter_panel(await chapters.find_chapter(chapter_id), viewer, now)
    assert panel is not None
    assert panel.view.wanted
    assert not (await viewer_of(other, now)).runs(chapter_id)


async def test_a_term_is_renewed_by_one_tap_when_its_end_is_near(now: datetime) -> None:
    _chapter_id, viewer, bob, _membership = await make_team(now)

    assert await service.ask_to_renew(now=now) == 1
    await service.ask_to_renew(now=now + timedelta(days=1))
    assert await told(viewer.person()) == ["rangers/renew"]
    assert await service.renew(viewer.person(), "satu-contoh", now=now) == date(2028, 1, 1)
    with pytest.raises(NotRenewable):
        await service.renew(viewer.person(), "satu-contoh", now=now)
    with pytest.raises(SpellNotFound):
        await service.renew(bob, "satu-contoh", now=now)


async def test_terms_end_on_their_day_and_proposals_after_thirty(now: datetime) -> None:
    chapter_id, viewer, bob, membership = await make_team(now)
    spell = await service.propose(viewer, "satu-contoh", membership, Role.DEPUTY, now=now)

    assert await service.end_what_is_over(now=now + timedelta(days=30)) == 0
    assert await service.end_what_is_over(now=now + timedelta(days=31)) == 1
    with pytest.raises(SpellNotFound):
        await service.accept(bob, spell.id, conduct=True, now=now + timedelta(days=31))
    last_evening = datetime.fromisoformat("2026-12-31T16:59:00+00:00")
    assert await service.end_what_is_over(now=last_evening) == 0
    assert await service.end_what_is_over(now=last_evening + timedelta(minutes=1)) == 1

    assert not await holds(viewer.person(), "ranger", chapter_id, last_evening + timedelta(minutes=2))
    assert (await chapters.find_chapter(chapter_id)).state is State.DORMANT


async def test_a_profile_is_changed_by_its_owner_from_the_version_seen(now: datetime) -> None:
    _chapter_id, viewer, bob, _membership = await make_team(now)
    person = viewer.person()

    changed = await service.change_profile(
        person, Changes(topics=["pricing"], reach_minutes=90, quiet_from=time(22), load_limit=0), 1, now=now
    )
    assert (changed.topics, changed.reach_minutes, changed.load_limit, changed.version) == (["pricing"], 90, 0, 2)
    with pytest.raises(StaleVersion):
        await service.change_profile(person, Changes(load_limit=1), 1, now=now)
    assert (await service.change_profile(person, Changes(no_reach_limit=True), 2, now=now)).reach_minutes is None
    for stranger in (bob, await make_person()):
        with pytest.raises(ProfileNotFound):
            await service.profile_of(stranger, person)
    for changes, error in (
        (Changes(topics=["tidak_ada"]), TopicUnknown),
        (Changes(topics=list(await chapters.topic_labels())[:9]), TooManyTopics),
        (Changes(languages=["xx"]), LanguageUnknown),
        (Changes(home_region="35"), RegionUnknown),
    ):
        with pytest.raises(error):
            await service.change_profile(person, changes, 3, now=now)


async def test_leaves_are_taken_withdrawn_and_nobody_elses(now: datetime) -> None:
    _chapter_id, viewer, bob, _membership = await make_team(now)
    person = viewer.person()
    first_day = date(2026, 11, 25)
    for absence in (
        Absence(first_day, date(2026, 11, 24)),
        Absence(date(2026, 11, 1), date(2026, 11, 22)),
        Absence(first_day, first_day + timedelta(days=180)),
    ):
        with pytest.raises(LeaveRefused):
            await service.take_leave(person, absence, now=now)
    with pytest.raises(ProfileNotFound):
        await service.take_leave(bob, Absence(first_day, first_day), now=now)

    leave = await service.take_leave(person, Absence(first_day, first_day + timedelta(days=179)), now=now)
    assert len((await service.my_ranger(person, now=now)).leaves) == 1
    with pytest.raises(LeaveNotFound):
        await service.withdraw_leave(bob, leave, now=now)
    await service.withdraw_leave(person, leave, now=now)

    assert (await service.my_ranger(person, now=now)).leaves == []


async def test_on_duty_is_who_serves_has_room_and_is_not_away(now: datetime) -> None:
    chapter_id, viewer, _bob, _membership = await make_team(now)
    away, full = await make_ranger(chapter_id), await make_ranger(chapter_id)
    await make_ranger(chapter_id, role="deputy")
    await make_ranger(await make_chapter(state="closed"))
    await service.take_leave(away, Absence(date(2026, 11, 28), date(2026, 11, 29)), now=now)
    await service.change_profile(full, Changes(load_limit=0), 1, now=now)

    def people(found: list[service.OnDuty]) -> set[UUID]:
        return {each.person_id for each in found}

    assert people(await service.list_on_duty(date(2026, 11, 28), now=now)) == {viewer.person_id}
    assert people(await service.list_on_duty(date(2026, 11, 30), now=now)) == {viewer.person_id, away}


async def test_a_ranger_is_named_to_others_only_with_consent_and_no_longer_without(now: datetime) -> None:
    chapter_id, viewer, _bob, _membership = await make_team(now)
    await service.change_profile(viewer.person(), Changes(topics=["pricing"]), 1, now=now)
    stranger = Viewer(via="none")

    async def seen() -> list[tuple[str, list[str]]]:
        return [(each.name, each.topics) for each in await service.list_rangers(stranger, "satu-contoh", now=now)]

    assert await seen() == [("", [])]
    await service.agree(viewer.person(), Purpose.ON_PAGE, given=True, now=now)
    assert await seen() == [("Alice Contoh", ["pricing"])]
    await service.agree(viewer.person(), Purpose.ON_PAGE, given=False, now=now)
    assert await seen() == [("", [])]
    assert [each.name for each in await service.rangers_of(chapter_id, all_names=True)] == ["Alice Contoh"]


async def test_a_person_takes_everything_of_this_room_along(now: datetime) -> None:
    _chapter_id, viewer, bob, _membership = await make_team(now)
    await service.take_leave(viewer.person(), Absence(date(2026, 12, 1), date(2026, 12, 2)), now=now)

    found = await service.export_person(viewer.person())

    assert [row["role"] for row in found["terms"]] == ["ranger"]
    assert (len(found["profile"]), len(found["leaves"])) == (1, 1)
    assert await service.export_person(bob) == {"terms": [], "profile": [], "leaves": []}
