"""A Ranger plans: create, edit, publish, postpone, cancel, finish."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from community.audit import service as audit
from community.chapters import service as chapters
from community.events.deeds.access import access_event
from community.events.deeds.changing import CLOCK, Actor, change_rsvps, common_params
from community.events.errors import EventInThePast, EventNotFound, EventStateForbids, TooSoon
from community.events.queries import events as queries
from community.events.queries import rsvps, scans
from community.events.rules.checkin import merge
from community.events.rules.event import SHOWN_IN_CALENDARS, WORTH_TELLING, Event, Plan, changed_fields, plan_of
from community.events.rules.lifecycle import (
    FINISHES_ITSELF_AFTER,
    NEAR_HOURS,
    NEAR_KM,
    Caution,
    EventState,
    confirm_by_after_move,
    find_cautions,
    longest,
    next_state,
)
from community.events.rules.seats import Reschedule, Tick
from community.kit.db import atomic
from community.kit.errors import FieldError, InvalidInput, StaleVersion, Unavailable
from community.kit.geo import distance_km
from community.kit.i18n import gettext as _
from community.kit.ids import public_code, uuid7
from community.kit.viewer import Viewer
from community.notifications import service as notifications

DEGREE_KM = 111.0
ODDEST_PLAN_AHEAD = timedelta(days=730)


async def create(
    viewer: Viewer, chapter_slug: str, plan: Plan, *, now: datetime, cloned_from: UUID | None = None
) -> Event:
    """A draft, seen by the chapter's Rangers only. Raises ChapterNotFound or InvalidInput."""
    check_plan(plan, now)
    async with atomic():
        chapter = await chapters.access_chapter(viewer, chapter_slug, may="run", now=now)
        event_id = uuid7()
        values = {
            **_columns(plan),
            "id": event_id,
            "code": public_code(),
            "chapter": chapter.id,
            "state": EventState.DRAFT.value,
            "tz": chapter.tz,
            "rsvp_mode": "open",
            "rsvp_opens_at": now,
            "rsvp_closes_at": plan.starts_at,
            "capacity": plan.capacity,
            "ics_uid": f"event-{event_id}",
            "cloned_from": cloned_from,
            "created_by": viewer.person(),
            "created_at": now,
        }
        await queries.save_new(values)
        await _record(viewer.person(), "event.create", event_id, chapter.id, now)
    return await _read(event_id)


def _columns(plan: Plan) -> dict[str, Any]:
    values = {name: getattr(plan, name) for name in Plan.__dataclass_fields__ if name != "capacity"}
    return {**values, "kind": plan.kind.value}


def check_plan(plan: Plan, now: datetime) -> None:
    """Raises InvalidInput for times that make no sense, whatever else is right."""
    errors = []
    if plan.ends_at <= plan.starts_at:
        errors.append(FieldError("/ends_at", "not_after_start", _("Kopdar harus selesai sesudah mulai.")))
    elif plan.ends_at - plan.starts_at > longest(plan.kind):
        errors.append(
            FieldError("/ends_at", "too_long", _("Kopdar paling lama 3 hari, jalan-jalan paling lama 7 hari."))
        )
    if plan.starts_at > now + ODDEST_PLAN_AHEAD:
        errors.append(FieldError("/starts_at", "too_far", _("Pilih waktu dalam dua tahun ke depan.")))
    if plan.mode != "onsite" and not plan.online_url:
        errors.append(FieldError("/online_url", "required", _("Tulis tautan untuk ikut dari jauh.")))
    if errors:
        raise InvalidInput(errors)


async def edit(viewer: Viewer, code: str, plan: Plan, *, version: int, now: datetime) -> Event:
    """Change a draft or an event that is not over; who comes hears of a new time or place. Capacity has its own deed.

    Raises EventNotFound, StaleVersion (with the present state), EventStateForbids, InvalidInput.
    """
    check_plan(plan, now)
    async with atomic():
        event = await access_event(viewer, code, may="run", now=now, lock=True)
        if version != event.version:
            raise StaleVersion(current=describe(event))
        if event.state in {EventState.CANCELLED, EventState.FINISHED}:
            raise EventStateForbids(code, current=describe(event))
        changed = changed_fields(event, replace(plan, capacity=event.capacity))
        if changed:
            await _save_edit(viewer, event, plan, changed, now)
    return await _read(event.id)


async def _save_edit(viewer: Viewer, event: Event, plan: Plan, changed: Sequence[str], now: datetime) -> None:
    moved = "starts_at" in changed
    if moved and event.state is EventState.PUBLISHED and plan.starts_at <= now:
        raise EventInThePast(event.code)
    columns = {name: value for name, value in _columns(plan).items() if name in changed}
    if moved:
        closes_at = plan.starts_at - (event.starts_at - event.rsvp_closes_at)
        columns |= {"rsvp_closes_at": closes_at, "schedule_no": event.schedule_no + 1}
    if event.is_public and any(name in SHOWN_IN_CALENDARS for name in changed):
        columns["ics_sequence"] = event.ics_sequence + 1
    await queries.save_event(event.id, columns)
    actor = Actor(viewer.person())
    if moved and event.is_open:
        ask_again = confirm_by_after_move(event.starts_at, plan.starts_at, event.tz, now)
        await change_rsvps(event.id, Reschedule(ask_again), actor=actor, now=now)
    if event.state is EventState.PUBLISHED and any(name in WORTH_TELLING for name in changed):
        fresh = await _read(event.id)
        await _tell_everybody(fresh, "events/event_changed", now, extra={"moved": moved}, key=f"v{fresh.version}")
    await _record(actor.person_id, "event.edit", event.id, event.chapter_id, now, detail={"fields": list(changed)})


async def publish(viewer: Viewer, code: str, *, version: int | None = None, now: datetime) -> Event:
    """From a draft, or again after postponing; publishing what is published already changes nothing.

    Raises EventNotFound, StaleVersion, EventInThePast, EventStateForbids, InvalidInput (no place named).
    """
    async with atomic():
        event = await _access_version(viewer, code, version, now)
        if event.state is EventState.PUBLISHED:
            return event
        if event.starts_at <= now:
            raise EventInThePast(code, current=describe(event))
        if not event.place_name and event.mode != "online":
            words = _("Tulis tempatnya, atau “menyusul” bila belum pasti.")
            raise InvalidInput([FieldError("/place_name", "required", words)])
        again = event.state is EventState.POSTPONED
        await _enter(viewer.person(), event, "publish", now, published_at=event.published_at or now)
        await chapters.mark_activity(event.chapter_id, "published", event.starts_at, now=now)
        fresh = await _read(event.id)
        if again:
            await _tell_everybody(fresh, "events/event_changed", now, extra={"moved": True}, key=f"v{fresh.version}")
            await change_rsvps(event.id, Tick(), actor=CLOCK, now=now)
    return fresh


async def postpone(viewer: Viewer, code: str, *, reason: str, version: int | None = None, now: datetime) -> Event:
    """Until a new time is known: seats stay, offers become seats, nobody can join. Raises as `publish` does."""
    async with atomic():
        event = await _access_version(viewer, code, version, now)
        await change_rsvps(event.id, Reschedule(), actor=Actor(viewer.person()), now=now)
        await _enter(viewer.person(), event, "postpone", now, reason=reason)
        await notifications.cancel(now=now, subject=("event", event.id))
        fresh = await _read(event.id)
        await _tell_everybody(fresh, "events/event_postponed", now, extra={"reason": reason}, key=f"v{fresh.version}")
    return fresh


async def cancel(viewer: Viewer, code: str, *, reason: str, version: int | None = None, now: datetime) -> Event:
    """For good: everybody who comes or waits is told why, nothing else about it leaves. Raises as `publish` does."""
    async with atomic():
        event = await _access_version(viewer, code, version, now)
        await _enter(viewer.person(), event, "cancel", now, reason=reason, cancelled_at=now, cancel_reason=reason)
        await notifications.cancel(now=now, subject=("event", event.id))
        fresh = await _read(event.id)
        await _tell_everybody(fresh, "events/event_cancelled", now, extra={"reason": reason}, key="cancelled")
    return fresh


async def finish(
    viewer: Viewer, code: str, *, attendance_complete: bool, recap: str = "", version: int | None = None, now: datetime
) -> Event:
    """ "Selesai": what was marked at the door is the evening's figure. Only then may an absence count as one.

    Raises EventNotFound, StaleVersion, EventStateForbids, TooSoon before the start.
    """
    async with atomic():
        event = await _access_version(viewer, code, version, now)
        if event.state is EventState.PUBLISHED and now < event.starts_at:
            raise TooSoon(code)
        await _finish(event, viewer.person(), now, attendance_complete=attendance_complete, recap=recap)
    return await _read(event.id)


async def _finish(event: Event, actor_id: UUID | None, now: datetime, *, attendance_complete: bool, recap: str) -> None:
    await change_rsvps(event.id, Tick(), actor=CLOCK, now=now)
    await _enter(actor_id, event, "finish", now, finished_at=now, attendance_complete=attendance_complete, recap=recap)
    present = merge(await scans.list_marks(event.id, event.starts_at, event.ends_at))
    await chapters.mark_activity(event.chapter_id, "attended" if present else "finished", event.ends_at, now=now)


async def finish_old(*, now: datetime) -> int:
    """Events over for a day finish by themselves, without a word about who was missing. Gives how many."""
    ids = await queries.list_over(now - FINISHES_ITSELF_AFTER)
    return sum([await _finish_by_itself(event_id, now) for event_id in ids])


async def _finish_by_itself(event_id: UUID, now: datetime) -> bool:
    """False where somebody was faster, or holds the event just now: then the next run does it."""
    try:
        async with atomic():
            event = await queries.lock_event(event_id)
            if event is None or event.state is not EventState.PUBLISHED:
                return False
            await _finish(event, None, now, attendance_complete=False, recap="")
    except queries.LockTimeout:
        return False
    return True


async def sweep(*, now: datetime) -> int:
    """Let time do its part in every event in which something ran out. Gives how many events."""
    ids = await queries.list_due(now)
    for event_id in ids:
        with suppress(Unavailable):  # somebody holds the event just now: the next run does it
            await change_rsvps(event_id, Tick(), actor=CLOCK, now=now)
    return len(ids)


async def find_near(event: Event) -> list[Caution]:
    """What to think of before publishing: never a refusal."""
    chapter = await chapters.find_chapter(event.chapter_id)
    latitude = chapter.latitude if event.latitude is None else event.latitude
    longitude = chapter.longitude if event.longitude is None else event.longitude
    span = timedelta(hours=NEAR_HOURS)
    reach, wide = NEAR_KM / DEGREE_KM, 1.2 * NEAR_KM / DEGREE_KM
    box = (latitude - reach, latitude + reach, longitude - wide, longitude + wide)
    around = await queries.list_around(event.chapter_id, event.id, event.starts_at - span, event.ends_at + span, box)
    others = tuple(
        f"{row['title']} ({row['chapter_name']})"
        for row in around
        if distance_km(latitude, longitude, row["latitude"], row["longitude"]) <= NEAR_KM
    )
    return find_cautions(event.starts_at, event.ends_at, event.tz, others)


async def _access_version(viewer: Viewer, code: str, version: int | None, now: datetime) -> Event:
    event = await access_event(viewer, code, may="run", now=now, lock=True)
    if version is not None and version != event.version:
        raise StaleVersion(current=describe(event))
    return event


async def _enter(
    actor_id: UUID | None, event: Event, deed: str, now: datetime, *, reason: str | None = None, **columns: Any
) -> None:
    state = next_state(event.state, deed)
    if state is None:
        raise EventStateForbids(event.code, current=describe(event))
    await queries.save_event(event.id, {**columns, "state": state.value, "ics_sequence": event.ics_sequence + 1})
    await _record(actor_id, f"event.{deed}", event.id, event.chapter_id, now, reason=reason)


async def _record(
    actor_id: UUID | None,
    action: str,
    event_id: UUID,
    chapter_id: UUID,
    now: datetime,
    *,
    reason: str | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    await audit.record(
        actor_id,
        action,
        ("event", event_id),
        now=now,
        actor_kind="person" if actor_id else "job",
        chapter_id=chapter_id,
        reason=reason,
        detail=detail,
    )


async def _tell_everybody(event: Event, template: str, now: datetime, *, extra: dict[str, Any], key: str) -> None:
    for person_id, kind, email in await rsvps.list_live_people(event.id):
        await notifications.enqueue(
            person_id,
            template,
            {**common_params(event), "link": event.path, **extra},
            now=now,
            dedupe_key=f"{template}/{event.id}/{key}/{person_id}",
            subject=("event", event.id),
            chapter_id=event.chapter_id,
            tz=event.tz,
            expires_at=max(event.starts_at, now + timedelta(hours=1)),
            address=email if kind == "guest" else None,
        )


async def _read(event_id: UUID) -> Event:
    event = await queries.find_by_id(event_id)
    if event is None:
        raise EventNotFound
    return event


def describe(event: Event) -> dict[str, Any]:
    """The present state, for a 409: what somebody else made of it."""
    plan = plan_of(event)
    return {
        "version": event.version,
        "state": event.state.value,
        **{name: _plain(getattr(plan, name)) for name in ("title", "starts_at", "ends_at", "place_name", "capacity")},
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
