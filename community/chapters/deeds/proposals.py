"""From an idea to a chapter: two founders, the conduct text, and an answer from headquarters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from community.accounts import service as accounts
from community.audit import service as audit
from community.chapters import queries
from community.chapters.deeds.access import access_chapter, lock_chapter
from community.chapters.errors import (
    ConductNeeded,
    FoundersMissing,
    InvitationNotFound,
    InvitationTaken,
    ProposalAnswered,
    RegionUnclear,
    RegionUnknown,
    SecondFounderNeeded,
    SlugRefused,
    SlugTaken,
    TooManyRegions,
)
from community.chapters.rules import (
    CONDUCT_VERSION,
    FOUNDERS_NEEDED,
    NEVER_OPENED_AFTER,
    TRANSITIONS,
    Cause,
    Chapter,
    State,
    is_overdue,
    is_slug,
    next_state,
    numbered,
    slug_from,
)
from community.kit import crypto
from community.kit.db import atomic
from community.kit.errors import InvalidInput, NotFound
from community.kit.ids import uuid7
from community.kit.viewer import Viewer
from community.notifications import service as notifications
from community.places import service as places
from community.places.service import Choice, Region

MORE_REGIONS = 20
_INVITED = "founder"


@dataclass(frozen=True)
class Proposal:
    """What somebody proposes. `slug` None: made of the name. `more_codes`: further kabupaten and kota."""

    name: str
    seat_code: str
    more_codes: tuple[str, ...]
    founder_name: str
    founder_contact: str
    conduct: bool
    slug: str | None = None


@dataclass(frozen=True)
class Invitation:
    """A founder's invitation as its link shows it."""

    token: str
    founder_id: UUID
    chapter: Chapter
    region: str
    proposer: str
    accepted: bool
    conduct: str
    """The words to agree to."""


@dataclass(frozen=True)
class Waiting:
    """A proposal on headquarters' page. `twins` are other chapters in the same kabupaten or kota."""

    chapter: Chapter
    regions: list[str]
    founders: list[str]
    twins: list[Chapter]
    asked_at: datetime
    overdue: bool


async def propose(person_id: UUID, proposal: Proposal, *, now: datetime) -> Chapter:
    """Propose a chapter and invite its second founder. Raises InvalidInput with the field that is wrong."""
    if not proposal.conduct:
        raise ConductNeeded
    codes = _region_codes(proposal)
    async with atomic():
        chapter = _new_chapter(person_id, proposal, await _free_slug(proposal), now)
        second = await _second_founder(person_id, proposal, now)
        await queries.save_new(chapter, codes, [person_id, second], now)
        await queries.save_state(chapter.id, None, State.PROPOSED, Cause.PROPOSED, person_id, None, now)
        founders = {row["person"]: row["id"] for row in await queries.list_founders(chapter.id)}
        await queries.save_founder(founders[person_id], person_id, CONDUCT_VERSION, now)
        await audit.record(person_id, "chapter.propose", ("chapter", chapter.id), now=now, chapter_id=chapter.id)
        await _invite(chapter, person_id, second, founders[second], proposal, now)
    return chapter


def _region_codes(proposal: Proposal) -> list[str]:
    """The seat first, each once. Raises InvalidInput."""
    seat = known_region(proposal.seat_code, "region_text").code
    more = [known_region(code, "more_regions").code for code in proposal.more_codes]
    if len(more) > MORE_REGIONS:
        raise TooManyRegions(MORE_REGIONS)
    return list(dict.fromkeys([seat, *more]))


def known_region(code: str, field: str) -> Region:
    """The kabupaten or kota of this code. Raises RegionUnknown for the field."""
    try:
        region = places.show(code)
    except (NotFound, InvalidInput):
        raise RegionUnknown(field) from None
    if region.is_province:
        raise RegionUnknown(field)
    return region


def choose_place(text: str, code: str, province: str, seen: str | None) -> Choice:
    """What the place field shows next; see `places.service.choose`."""
    return places.choose(text, code, province, seen)


def settle_place(text: str, code: str, province: str, seen: str | None) -> Region:
    """The kabupaten or kota chosen in a place field named `region`. Raises InvalidInput."""
    return places.settle(places.choose(text, code, province, seen), "/region_text")


def settle_lines(text: str) -> tuple[str, ...]:
    """Codes of one kabupaten or kota a line. Raises RegionUnclear naming the line."""
    codes = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        region = places.choose(line).region
        if region is None:
            raise RegionUnclear(line)
        codes.append(region.code)
    return tuple(codes)


async def _free_slug(proposal: Proposal) -> str:
    if proposal.slug is None:
        wanted = slug_from(proposal.name)
        return numbered(wanted, await queries.list_taken_slugs(wanted))
    if not is_slug(proposal.slug):
        raise SlugRefused
    if proposal.slug in await queries.list_taken_slugs(proposal.slug):
        raise SlugTaken
    return proposal.slug


def _new_chapter(person_id: UUID, proposal: Proposal, slug: str, now: datetime) -> Chapter:
    seat = places.show(proposal.seat_code)
    return Chapter(
        id=uuid7(),
        slug=slug,
        name=proposal.name,
        tz=seat.time_zone,
        state=State.PROPOSED,
        state_since=now,
        latitude=seat.latitude,
        longitude=seat.longitude,
        about="",
        whatsapp_invite=None,
        last_activity_at=None,
        proposed_by=person_id,
        is_demo=False,
        created_at=now,
        version=1,
        seat=seat.code,
    )


async def _second_founder(person_id: UUID, proposal: Proposal, now: datetime) -> UUID:
    """The account that proved this contact, or a guest of the name given until the invitation is taken up."""
    known = await accounts.person_by_contact(proposal.founder_contact)
    if known is not None and known.id == person_id:
        raise SecondFounderNeeded
    is_mail = "@" in proposal.founder_contact
    if known is not None and known.kind == "account":
        proved = known.email_verified_at if is_mail else known.phone_verified_at
        if proved is not None:
            return known.id
    return await accounts.make_guest(
        proposal.founder_name,
        phone=None if is_mail else proposal.founder_contact,
        email=proposal.founder_contact if is_mail else None,
        now=now,
    )


async def _invite(
    chapter: Chapter, proposer: UUID, second: UUID, founder_id: UUID, proposal: Proposal, now: datetime
) -> None:
    names = await accounts.names([proposer])
    await notifications.enqueue(
        second,
        "chapters/founder_invited",
        {
            "chapter": chapter.name,
            "proposer": names[proposer],
            "link": f"/founders/{invitation_token(founder_id)}",
        },
        now=now,
        dedupe_key=f"chapters/founder_invited/{founder_id}",
        subject=("chapter", chapter.id),
        chapter_id=chapter.id,
        tz=chapter.tz,
        address=proposal.founder_contact if "@" in proposal.founder_contact else None,
    )


async def conduct_words() -> str:
    """What founders and Rangers agree to, in the language of the moment."""
    return (await accounts.consent_text("conduct")).text


def invitation_token(founder_id: UUID) -> str:
    """Signed, so that nothing has to be stored and nobody can make one."""
    return crypto.to_text(founder_id.bytes + crypto.sign(_INVITED, founder_id.bytes)[:16])


def _founder_of(token: str) -> UUID:
    """Raises InvitationNotFound."""
    try:
        raw = crypto.from_text(token)
        founder_id = UUID(bytes=raw[:16])
    except ValueError:
        raise InvitationNotFound from None
    if not crypto.matches(crypto.sign(_INVITED, founder_id.bytes)[:16], raw[16:]):
        raise InvitationNotFound
    return founder_id


async def invitation(token: str) -> Invitation:
    """What the link shows. Raises InvitationNotFound; also once the chapter was withdrawn."""
    founder = await queries.find_founder(_founder_of(token))
    chapter = await queries.find_by_id(founder["chapter"]) if founder else None
    if founder is None or chapter is None or chapter.state is State.CLOSED:
        raise InvitationNotFound
    proposer = chapter.proposed_by
    names = await accounts.names([proposer] if proposer else [])
    return Invitation(
        token=token,
        founder_id=founder["id"],
        chapter=chapter,
        region=places.show(chapter.seat).label,
        proposer=names.get(proposer, "") if proposer else "",
        accepted=founder["accepted_at"] is not None,
        conduct=await conduct_words(),
    )


async def accept_founding(token: str, person_id: UUID, *, conduct: bool, now: datetime) -> Chapter:
    """Found the chapter with the one who proposed it; with the second founder headquarters is asked.

    Raises InvitationNotFound, InvitationTaken, ConductNeeded.
    """
    if not conduct:
        raise ConductNeeded
    founder_id = _founder_of(token)
    shown = await invitation(token)
    async with atomic():
        chapter = await lock_chapter(shown.chapter.id)
        founder = await queries.find_founder(founder_id)
        if founder is None:
            raise InvitationNotFound
        if founder["accepted_at"] is not None and founder["person"] == person_id:
            return chapter
        await _refuse_stranger(founder, person_id, chapter.id)
        await queries.save_founder(founder_id, person_id, CONDUCT_VERSION, now)
        await audit.record(person_id, "chapter.found", ("chapter", chapter.id), now=now, chapter_id=chapter.id)
        if chapter.state is State.PROPOSED:
            await _ask_hq(chapter, person_id, now)
    return chapter


async def _refuse_stranger(founder: Mapping[str, Any], person_id: UUID, chapter_id: UUID) -> None:
    """An invitation to a known account is for that account; one to a guest is for who holds the link."""
    taken_by = {row["person"] for row in await queries.list_founders(chapter_id) if row["id"] != founder["id"]}
    if founder["accepted_at"] is not None or person_id in taken_by:
        raise InvitationTaken
    invited = founder["person"]
    if invited != person_id:
        person = await accounts.find_person(invited)
        if person is not None and person.kind != "guest":
            raise InvitationNotFound


async def _ask_hq(chapter: Chapter, person_id: UUID, now: datetime) -> None:
    await queries.save_state(chapter.id, State.PROPOSED, State.PROPOSED, None, person_id, None, now)
    for hq in await accounts.list_holders("hq", None, now=now):
        await notifications.enqueue(
            hq,
            "chapters/proposal_ready",
            {"chapter": chapter.name, "region": places.show(chapter.seat).label, "link": "/hq/proposals"},
            now=now,
            dedupe_key=f"chapters/proposal_ready/{chapter.id}/{now.isoformat()}/{hq}",
            subject=("chapter", chapter.id),
            chapter_id=chapter.id,
            tz=chapter.tz,
        )


async def endorse(who: Viewer | UUID, slug: str, *, now: datetime) -> tuple[Chapter, Sequence[UUID]]:
    """Headquarters says yes: the chapter is forming. Returns it with the founders, who are to become its Rangers.

    The door to this deed is `rangers.service.endorse_chapter`, which appoints them in the same transaction.
    """
    async with atomic():
        chapter = await _lock_proposal(who, slug, now)
        founders = [row["person"] for row in await queries.list_founders(chapter.id) if row["accepted_at"]]
        if len(founders) < FOUNDERS_NEEDED:
            raise FoundersMissing(slug)
        actor = _person(who)
        await queries.save_state(
            chapter.id, State.PROPOSED, TRANSITIONS[State.PROPOSED, Cause.ENDORSED], Cause.ENDORSED, actor, None, now
        )
        await audit.record(actor, "chapter.endorse", ("chapter", chapter.id), now=now, chapter_id=chapter.id)
        for founder in founders:
            await _tell_founder(
                founder, "chapters/endorsed", {"link": f"/chapters/{chapter.slug}/manage"}, chapter, now
            )
        return await lock_chapter(chapter.id), founders


async def answer_not_yet(who: Viewer | UUID, slug: str, reason: str, *, now: datetime) -> None:
    """Headquarters says "belum", with a reason; the founders may ask again any day."""
    async with atomic():
        chapter = await _lock_proposal(who, slug, now)
        actor = _person(who)
        await queries.save_state(chapter.id, State.PROPOSED, State.PROPOSED, None, actor, reason, now)
        await audit.record(actor, "chapter.not_yet", ("chapter", chapter.id), now=now, chapter_id=chapter.id)
        for row in await queries.list_founders(chapter.id):
            if row["accepted_at"]:
                params = {"reason": reason, "link": f"/chapters/{chapter.slug}"}
                await _tell_founder(row["person"], "chapters/not_yet", params, chapter, now)


async def _lock_proposal(who: Viewer | UUID, slug: str, now: datetime) -> Chapter:
    """Raises ChapterNotFound, or ProposalAnswered where nothing waits for an answer."""
    chapter = await access_chapter(who, slug, may="hq", now=now, lock=True)
    last = await queries.find_answer(chapter.id)
    if chapter.state is not State.PROPOSED or (last is not None and last["reason"] is not None):
        raise ProposalAnswered(current={"state": chapter.state.value})
    if last is None:
        raise FoundersMissing(slug)
    return chapter


def _person(who: Viewer | UUID) -> UUID:
    return who.person() if isinstance(who, Viewer) else who


async def _tell_founder(
    person_id: UUID, template: str, params: Mapping[str, object], chapter: Chapter, now: datetime
) -> None:
    await notifications.enqueue(
        person_id,
        template,
        {"chapter": chapter.name, **params},
        now=now,
        dedupe_key=f"{template}/{chapter.id}/{now.isoformat()}/{person_id}",
        subject=("chapter", chapter.id),
        chapter_id=chapter.id,
        tz=chapter.tz,
    )


async def ask_again(person_id: UUID, slug: str, *, now: datetime) -> Chapter:
    """A founder asks headquarters once more after a "belum"."""
    async with atomic():
        chapter = await access_chapter(person_id, slug, may="found", now=now, lock=True)
        last = await queries.find_answer(chapter.id)
        if chapter.state is not State.PROPOSED or last is None or last["reason"] is None:
            raise ProposalAnswered(current={"state": chapter.state.value})
        await audit.record(person_id, "chapter.ask_again", ("chapter", chapter.id), now=now, chapter_id=chapter.id)
        await _ask_hq(chapter, person_id, now)
    return chapter


async def withdraw_proposal(person_id: UUID, slug: str, *, now: datetime) -> None:
    """A founder takes the proposal back; its address stays taken."""
    async with atomic():
        chapter = await access_chapter(person_id, slug, may="found", now=now, lock=True)
        await _end_proposal(chapter, Cause.WITHDRAWN, person_id, now)


async def close_stale_proposals(*, now: datetime) -> int:
    """Proposals nobody carried further for 180 days are closed."""
    closed = 0
    for chapter_id in await queries.list_stale_proposals(now - NEVER_OPENED_AFTER):
        async with atomic():
            chapter = await lock_chapter(chapter_id)
            if chapter.state is State.PROPOSED:
                await _end_proposal(chapter, Cause.NEVER_OPENED, None, now)
                closed += 1
    return closed


async def _end_proposal(chapter: Chapter, cause: Cause, actor_id: UUID | None, now: datetime) -> None:
    state = next_state(chapter.state, cause)
    if state is None:
        raise ProposalAnswered(current={"state": chapter.state.value})
    await queries.save_state(chapter.id, chapter.state, state, cause, actor_id, None, now)
    await audit.record(
        actor_id,
        f"chapter.{cause.value}",
        ("chapter", chapter.id),
        now=now,
        chapter_id=chapter.id,
        actor_kind="person" if actor_id else "job",
    )
    await notifications.cancel(now=now, subject=("chapter", chapter.id), chapter_id=chapter.id)


WAITING_FOR_AN_ANSWER = frozenset({"chapters/founder_invited", "chapters/proposal_ready", "chapters/not_yet"})


async def still_true(template: str, subject: tuple[str, UUID], person_id: UUID, *, now: datetime) -> bool:
    """Asked just before a mail leaves: a proposal that was withdrawn or welcomed waits for nobody."""
    if template not in WAITING_FOR_AN_ANSWER or subject[0] != "chapter":
        return True
    chapter = await queries.find_by_id(subject[1])
    return chapter is not None and chapter.state is State.PROPOSED


async def proposals(viewer: Viewer, *, now: datetime) -> list[Waiting]:
    """What waits for headquarters' answer; those over a week first, then oldest first. Raises NotAllowed."""
    viewer.require("hq")
    waiting = [await _waiting(chapter, asked_at, now) for chapter, asked_at in await queries.list_proposals()]
    return sorted(waiting, key=lambda item: (not item.overdue, item.asked_at))


async def _waiting(chapter: Chapter, asked_at: datetime, now: datetime) -> Waiting:
    codes = (await queries.list_regions([chapter.id]))[chapter.id]
    founders = [row["person"] for row in await queries.list_founders(chapter.id) if row["accepted_at"]]
    names = await accounts.names(founders)
    return Waiting(
        chapter=chapter,
        regions=[places.show(code).label for code in codes],
        founders=[names[person] for person in founders if person in names],
        twins=await list_twins(chapter),
        asked_at=asked_at,
        overdue=is_overdue(asked_at, now),
    )


async def list_twins(chapter: Chapter) -> list[Chapter]:
    """Other chapters, also proposed ones, that cover the same seat: to be shown, not forbidden."""
    return [other for other in await queries.list_in_region(chapter.seat) if other.id != chapter.id]
