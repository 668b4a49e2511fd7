"""Drafts, calendars, share texts, the door: pure rules, with hostile texts."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise, permutations
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st

from community.events.rules import checkin, drafts, lifecycle, share
from community.events.rules.calendar import Entry, one_line, write_calendar
from community.events.rules.checkin import Attendance, Mark, door_token, is_signed, merge, outcome, rsvp_of_token
from community.events.rules.contact import are_alike
from community.events.rules.lifecycle import EventKind, EventState, find_cautions, longest, next_state
from community.events.rules.seats import RsvpState, Seat
from community.events.rules.share import Room, Told, og_title, room_left, whatsapp_text
from community.events.rules.telling import News, pick_news

JAKARTA = "Asia/Jakarta"
NOW = datetime(2026, 11, 23, 3, tzinfo=UTC)
SATURDAY = datetime(2026, 11, 28, 12, tzinfo=UTC)  # 19.00 WIB


def past(title: str, days: int) -> drafts.Past:
    start = SATURDAY - timedelta(days=days)
    return drafts.Past(title, start, start + timedelta(hours=3), JAKARTA)


@pytest.mark.parametrize(
    ("title", "following"),
    [
        ("Kopdar #48", "Kopdar #49"),
        ("Kopdar ke-9 Kediri", "Kopdar ke-10 Kediri"),
        ("Kopdar 2026 #99", "Kopdar 2026 #100"),
        ("Kopdar Akbar", "Kopdar Akbar"),
        ("", ""),
    ],
)
def test_the_next_title_counts_on(title: str, following: str) -> None:
    assert drafts.next_title(title) == following


def test_slots_keep_weekday_and_hour_at_the_usual_gap() -> None:
    events = [past("#1", 49), past("#2", 35), past("#3", 21), past("#4", 7)]

    slots = drafts.next_slots(events, JAKARTA, NOW)

    local = [slot.astimezone(ZoneInfo(JAKARTA)) for slot in slots]
    assert [(slot.weekday(), slot.hour) for slot in local] == [(5, 19)] * 3
    assert [slot.date().day for slot in local] == [28, 5, 12]
    assert drafts.usual_gap([event.starts_at for event in events]) == timedelta(days=14)
    assert drafts.usual_length(events) == timedelta(hours=3)


def test_without_a_past_the_coming_saturdays_are_offered() -> None:
    slots = drafts.next_slots([], JAKARTA, NOW)

    assert slots == [SATURDAY, SATURDAY + timedelta(days=7), SATURDAY + timedelta(days=14)]


@given(st.lists(st.integers(0, 400), max_size=8), st.integers(0, 400))
def test_slots_are_ahead_three_and_a_week_apart(days: list[int], passed: int) -> None:
    now = NOW + timedelta(days=passed)

    slots = drafts.next_slots([past("x", day) for day in days], "Asia/Jayapura", now)

    assert all(slot > now for slot in slots)
    assert [later - earlier for earlier, later in pairwise(slots)] == [timedelta(days=7)] * 2


def test_only_the_drawn_ways_lead_from_state_to_state() -> None:
    ways = {
        (state, deed): next_state(state, deed)
        for state in EventState
        for deed in ("publish", "postpone", "cancel", "finish")
    }

    assert {way: to for way, to in ways.items() if to} == {
        (EventState.DRAFT, "publish"): EventState.PUBLISHED,
        (EventState.POSTPONED, "publish"): EventState.PUBLISHED,
        (EventState.PUBLISHED, "postpone"): EventState.POSTPONED,
        (EventState.PUBLISHED, "cancel"): EventState.CANCELLED,
        (EventState.POSTPONED, "cancel"): EventState.CANCELLED,
        (EventState.PUBLISHED, "finish"): EventState.FINISHED,
    }
    assert longest(EventKind.OUTING) > longest(EventKind.KOPDAR)


@pytest.mark.parametrize(
    ("day", "start", "end", "codes"),
    [
        (27, "10:00", "11:30", []),
        (27, "11:00", "11:31", ["friday_prayer"]),
        (27, "12:59", "15:00", ["friday_prayer"]),
        (27, "13:00", "15:00", []),
        (28, "12:00", "14:00", []),
    ],
)
def test_friday_prayer_is_noticed_to_the_minute(day: int, start: str, end: str, codes: list[str]) -> None:
    at = [datetime.fromisoformat(f"2026-11-{day}T{hour}:00+08:00") for hour in (start, end)]

    assert [caution.code for caution in find_cautions(at[0], at[1], "Asia/Makassar")] == codes


def test_sale_days_and_neighbours_are_noticed() -> None:
    at = datetime(2026, 12, 12, 3, tzinfo=UTC)

    found = find_cautions(at, at + timedelta(hours=2), JAKARTA, ("Kopdar Sebelah (Komunitas B)",))

    assert [caution.code for caution in found] == ["big_sale", "near_by"]
    assert found[1].other == "Kopdar Sebelah (Komunitas B)"


def test_a_move_to_another_day_asks_everybody_again() -> None:
    later = SATURDAY + timedelta(days=1)

    assert lifecycle.confirm_by_after_move(SATURDAY, later, JAKARTA, NOW) == later - timedelta(hours=36)
    assert lifecycle.confirm_by_after_move(SATURDAY, SATURDAY + timedelta(hours=1), JAKARTA, NOW) is None
    assert lifecycle.confirm_by_after_move(SATURDAY, later, JAKARTA, later - timedelta(hours=47)) is None


HOSTILE = 'Kopdar; "A, B"\r\nDTSTART:19700101T000000Z\\n 😀é' + "ü" * 80


def entry(**given: object) -> Entry:
    values = {
        "uid": "event-1@komunitas.example",
        "sequence": 3,
        "state": EventState.PUBLISHED,
        "title": "Kopdar",
        "description": "Bawa HP",
        "location": "Warung Contoh",
        "point": (-7.8, 110.36),
        "url": "https://komunitas.example/events/ABCD2345",
        "starts_at": SATURDAY,
        "ends_at": SATURDAY + timedelta(hours=2),
        "tz": JAKARTA,
        "chapter": "Komunitas Contoh",
        "changed_at": NOW,
    }
    return Entry(**(values | given))  # type: ignore[arg-type]


def written(*entries: Entry) -> bytes:
    return write_calendar(entries, name="Komunitas Contoh", tz=JAKARTA, mail_from="no-reply@komunitas.example")


ODD = st.text(st.characters(exclude_categories=("Cs",)), max_size=200)


@settings(max_examples=200, deadline=None)
@given(ODD, ODD, ODD, ODD, st.sampled_from(["Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura"]))
def test_two_readers_read_back_what_was_written(title: str, place: str, body: str, chapter: str, tz: str) -> None:
    raw = written(entry(title=title, location=place, description=body, chapter=chapter, tz=tz))

    lines = raw.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert b"\n" not in raw.replace(b"\r\n", b"")
    event = icalendar.Calendar.from_ical(raw).walk("VEVENT")[0]
    assert event["SUMMARY"] == one_line(title)
    assert event["DTSTART"].dt == SATURDAY
    assert str(event["ORGANIZER"]) == "mailto:no-reply@komunitas.example"
    assert len(icalendar.Calendar.from_ical(raw).walk("VEVENT")) == 1


@pytest.mark.parametrize(
    "text", [HOSTILE, "a" * 300, "BEGIN:VEVENT\r\nEND:VEVENT", "titik; koma, garis\\miring", "😀" * 60]
)
def test_the_second_reader_agrees(text: str) -> None:
    raw = written(entry(title=text, location=text, description=text, chapter=text))

    read = vobject.readOne(raw.decode())

    assert read.vevent.summary.value == one_line(text)
    assert read.vevent.location.value == one_line(text)
    assert read.vevent.dtstart.value == SATURDAY
    assert read.vevent.uid.value == "event-1@komunitas.example"
    assert len(read.contents["vevent"]) == 1


def test_a_zone_is_described_and_times_do_not_float() -> None:
    text = written(entry(tz="Asia/Jayapura")).decode()

    assert "DTSTART;TZID=Asia/Jayapura:20261128T210000" in text
    assert "TZOFFSETTO:+0900" in text
    assert "DTSTART:19700101T000000" in text
    assert "TZNAME:WIT\r\n" in text
    for line in ("METHOD:PUBLISH", "CALSCALE:GREGORIAN", "REFRESH-INTERVAL;VALUE=DURATION:PT12H", "GEO:-7.8;110.36"):
        assert f"{line}\r\n" in text


@pytest.mark.parametrize(
    ("state", "status"),
    [(EventState.PUBLISHED, "CONFIRMED"), (EventState.POSTPONED, "TENTATIVE"), (EventState.CANCELLED, "CANCELLED")],
)
def test_the_status_follows_the_state(state: EventState, status: str) -> None:
    event = icalendar.Calendar.from_ical(written(entry(state=state))).walk("VEVENT")[0]

    assert (event["STATUS"], event["SEQUENCE"]) == (status, 3)


def told(**given: str) -> Told:
    values = {
        "title": "Kopdar #49",
        "chapter": "Komunitas Kediri",
        "place": "Warung Contoh",
        "patokan": "seberang masjid",
        "tz": JAKARTA,
        "url": "https://komunitas.example/events/ABCD2345",
    }
    return Told(starts_at=SATURDAY, **(values | given))  # type: ignore[arg-type]


def test_the_share_text_says_what_when_where_and_ends_with_the_address() -> None:
    assert whatsapp_text(told(), Room.NEARLY_FULL).split("\n") == [
        "*Kopdar #49*",
        "Sabtu, 28 November 2026 · pukul 19.00 WIB",
        "Warung Contoh (seberang masjid)",
        "Daftar di sini (hampir penuh):",
        "https://komunitas.example/events/ABCD2345",
    ]


@given(ODD, ODD, ODD)
def test_a_share_text_keeps_within_bounds_whatever_the_title(title: str, place: str, patokan: str) -> None:
    text = whatsapp_text(told(title=title, place=place, patokan=patokan), Room.FREE)

    assert len(text) <= 400
    assert text.split("\n")[-1] == "https://komunitas.example/events/ABCD2345"
    assert len(og_title(told(title=title))) <= 60


@pytest.mark.parametrize(
    ("capacity", "held", "waiting", "room"),
    [
        (None, 900, 0, Room.FREE),
        (40, 0, 0, Room.FREE),
        (40, 33, 0, Room.FREE),
        (40, 34, 0, Room.NEARLY_FULL),
        (40, 40, 0, Room.WAITLIST),
        (40, 38, 2, Room.WAITLIST),
        (10, 7, 0, Room.NEARLY_FULL),
    ],
)
def test_room_is_told_in_three_words(capacity: int | None, held: int, waiting: int, room: Room) -> None:
    assert room_left(capacity, held, waiting) is room
    assert share.room_words(room)


ANI, BUDI = UUID(int=1), UUID(int=2)


def mark(nonce: str, person: UUID = ANI, minute: int = 0, **given: object) -> Mark:
    return Mark(nonce, person, SATURDAY + timedelta(minutes=minute), **given)  # type: ignore[arg-type]


def test_the_first_standing_mark_is_the_arrival() -> None:
    present = merge([mark("a", minute=9, by=BUDI), mark("b", minute=4, by=ANI)])

    assert present[ANI].arrived_at == SATURDAY + timedelta(minutes=4)
    assert present[ANI].by == ANI
    assert present[ANI].nonces == ("b", "a")


def test_an_undo_takes_back_what_it_names_and_no_more() -> None:
    marks = [mark("a"), mark("b", minute=3), mark("u", undoes=("a",))]

    assert merge(marks)[ANI].nonces == ("b",)
    assert merge([*marks, mark("v", undoes=("b",))]) == {}


def test_any_order_and_repetition_of_scans_gives_one_answer() -> None:
    marks = [mark("a"), mark("b", BUDI, 2), mark("u", undoes=("a",)), mark("c", minute=5), mark("d", BUDI, 1)]

    answers = {repr(sorted(merge(order).items(), key=repr)) for order in permutations(marks)}

    assert len(answers) == 1
    assert merge(marks + marks) == merge(marks)


@given(st.integers(-120, 120), st.integers(-600, 600))
def test_a_wrong_clock_is_put_right_within_the_evening(skew: int, minute: int) -> None:
    received = SATURDAY + timedelta(hours=5)
    at = checkin.corrected(
        SATURDAY + timedelta(minutes=minute),
        timedelta(minutes=skew),
        starts_at=SATURDAY,
        ends_at=SATURDAY + timedelta(hours=2),
        received_at=received,
    )

    assert SATURDAY - timedelta(hours=3) <= at <= received
    if SATURDAY <= SATURDAY + timedelta(minutes=minute + skew) <= received:
        assert at == SATURDAY + timedelta(minutes=minute + skew)


@pytest.mark.parametrize("present", [True, False])
@pytest.mark.parametrize("going", [True, False])
@pytest.mark.parametrize("excused", [True, False])
@pytest.mark.parametrize("confirmed", [True, False])
@pytest.mark.parametrize("complete", [True, False])
def test_a_no_show_needs_every_one_of_its_conditions(
    present: bool, going: bool, excused: bool, confirmed: bool, complete: bool
) -> None:
    found = outcome(
        present=present, going=going, excused=excused, confirmed_by_person=confirmed, attendance_complete=complete
    )

    assert (found is Attendance.NO_SHOW) == (complete and going and confirmed and not present and not excused)
    assert (found is Attendance.ATTENDED) == present


def test_a_door_code_is_short_and_ours_alone() -> None:
    event, rsvp = uuid4(), uuid4()
    token = door_token(event, rsvp, 0)

    assert len(token) == 43
    assert rsvp_of_token(token) == rsvp
    assert is_signed(token, event, rsvp, 0)
    assert not is_signed(token, uuid4(), rsvp, 0)
    assert not is_signed(token, event, rsvp, 1)


def test_ten_thousand_forged_codes_admit_nobody() -> None:
    event, rsvp = uuid4(), uuid4()
    token = door_token(event, rsvp, 0)
    dice = random.Random(20261128)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

    for _ in range(10_000):
        at = dice.randrange(22, 43)  # behind the id
        forged = token[:at] + dice.choice(alphabet) + token[at + 1 :]
        if forged != token:
            assert not (rsvp_of_token(forged) == rsvp and is_signed(forged, event, rsvp, 0))
    for broken in ("", token[:-1], token + "A", "ü" * 43, "!" * 43):
        assert rsvp_of_token(broken) is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Muhammad Rizki", "Muh. Rizki", True),
        ("Hj. Siti Aminah", "siti aminah", True),
        ("Rizki Muhammad", "Moch Rizki", True),
        ("Siti Aminah", "Siti Aisyah", False),
        ("Budi", "Bidu Raharjo", False),
        ("Tri", "Dr. Tri", True),
    ],
)
def test_names_are_alike_whatever_the_title(one: str, other: str, same: bool) -> None:
    assert are_alike(one, other) is same


def news(before: RsvpState | None, after: RsvpState, *, by_self: bool = False, now: datetime = NOW) -> News | None:
    old = Seat(ANI, before) if before else None
    return pick_news(old, replace(Seat(ANI, after)), asked_by_self=by_self, starts_at=SATURDAY, now=now)


def test_each_change_is_told_once_and_one_s_own_cancelling_not() -> None:
    assert news(None, RsvpState.GOING, by_self=True) is News.GOING
    assert news(RsvpState.WAITLISTED, RsvpState.GOING) is News.SEAT_FREE
    assert news(RsvpState.OFFERED, RsvpState.GOING, by_self=True) is None
    assert news(RsvpState.GOING, RsvpState.WAITLISTED) is News.MOVED_BACK
    assert news(RsvpState.GOING, RsvpState.CANCELLED, by_self=True) is None
    assert news(RsvpState.WAITLISTED, RsvpState.LAPSED, now=SATURDAY) is None
    assert news(RsvpState.OFFERED, RsvpState.LAPSED) is News.LAPSED
    assert news(RsvpState.GOING, RsvpState.GOING) is None
