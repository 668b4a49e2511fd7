"""Events, RSVPs and their changes, scans."""

from __future__ import annotations

from piccolo.columns import JSONB, BigInt, Boolean, DoublePrecision, Integer, SmallInt, Text, Varchar
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from community.accounts.tables import Person
from community.chapters.tables import Chapter, Topic
from community.kit.columns import instant, key, link, loose_id
from community.kit.privacy import classify


class Event(Table):
    """A kopdar or its kin. `ics_sequence` rises when time, place or state change, `schedule_no` when the time does."""

    id = key()
    code = Varchar(length=8, unique=True)
    chapter = link(Chapter)
    kind = Varchar(length=15)
    state = Varchar(length=10, index=True)
    title = Varchar(length=80)
    body = Text(default="")
    topic = link(Topic, null=True)
    starts_at = instant(index=True)
    ends_at = instant()
    tz = Varchar(length=40)
    mode = Varchar(length=10)
    place_name = Varchar(length=80, default="")
    address = Varchar(length=200, default="")
    patokan = Varchar(length=200, default="")
    latitude = DoublePrecision(null=True, default=None)
    longitude = DoublePrecision(null=True, default=None)
    is_home = Boolean(default=False)
    online_url = Varchar(length=300, null=True, default=None)
    audience = Varchar(length=10)
    rsvp_mode = Varchar(length=10)
    external_url = Varchar(length=300, null=True, default=None)
    rsvp_opens_at = instant()
    rsvp_closes_at = instant()
    capacity = Integer(null=True, default=None)
    guests_max = SmallInt(default=0)
    promotion = Varchar(length=10)
    ics_uid = Varchar(length=60)
    ics_sequence = Integer(default=0)
    schedule_no = Integer(default=0)
    published_at = instant(null=True)
    finished_at = instant(null=True)
    cancelled_at = instant(null=True)
    cancel_reason = Varchar(length=300, null=True, default=None)
    attendance_complete = Boolean(default=False)
    recap = Varchar(length=500, default="")
    cloned_from = loose_id()
    created_by = loose_id()
    created_at = instant()
    version = Integer(default=1)

    event_kind = Check("kind in ('kopdar', 'gathering', 'outing', 'social_action', 'sharing')")
    event_state = Check("state in ('draft', 'published', 'postponed', 'cancelled', 'finished')")
    event_mode = Check("mode in ('onsite', 'online', 'hybrid')")
    event_audience = Check("audience in ('public', 'members')")
    event_rsvp_mode = Check("rsvp_mode in ('open', 'external', 'none')")
    event_promotion = Check("promotion in ('auto', 'manual')")
    event_order = Check("ends_at > starts_at and rsvp_closes_at <= starts_at")
    event_capacity = Check("capacity is null or capacity between 1 and 5000")
    event_guests = Check("guests_max between 0 and 4")


class Rsvp(Table):
    """One answer of one person to one event. Saved only by `events.service.change_rsvps`, under the event's lock."""

    id = key()
    event = link(Event)
    person = link(Person)
    state = Varchar(length=10)
    party_size = SmallInt(default=1)
    queue_no = Integer(null=True, default=None)
    expires_at = instant(null=True)
    confirm_by = instant(null=True)
    confirmed_by_person = Boolean(default=False)
    source = Varchar(length=10)
    name_given = Varchar(length=100)
    excused_reason = Varchar(length=200, null=True, default=None)
    token_no = SmallInt(default=0)
    manage_hash = Varchar(length=64, null=True, default=None, unique=True)
    created_at = instant()
    changed_at = instant()

    rsvp_once = Unique([event, person])
    rsvp_state = Check(
        "state in ('invited', 'going', 'waitlisted', 'offered', 'declined', 'cancelled', 'removed', 'lapsed')"
    )
    rsvp_party = Check("party_size between 1 and 5")
    rsvp_source = Check("source in ('self', 'guest', 'ranger', 'list', 'import', 'series', 'api')")


class RsvpChange(Table):
    """What happened to an RSVP, append only; replaying the changes gives the row."""

    id = key()
    rsvp = link(Rsvp)
    change_no = Integer(default=0)
    from_state = Varchar(length=10, null=True, default=None)
    to_state = Varchar(length=10)
    party_size = SmallInt(default=1)
    queue_no = Integer(null=True, default=None)
    actor_id = loose_id()
    channel = Varchar(length=10)
    reason = Varchar(length=300, null=True, default=None)
    at = instant()

    rsvp_change_order = Unique([rsvp, change_no])


class Scan(Table):
    """A mark at the door, append only: `in`, or `undo` of earlier nonces. Who is present follows from the set."""

    id = key()
    nonce = Varchar(length=36, unique=True)
    event = link(Event)
    kind = Varchar(length=5)
    rsvp = link(Rsvp, null=True)
    person = link(Person, null=True)
    undoes = JSONB(default="[]")
    name_given = Varchar(length=100, null=True, default=None)
    phone_given = Varchar(length=16, null=True, default=None)
    actor_id = loose_id()
    source = Varchar(length=10)
    scanned_at = instant()
    received_at = instant()
    skew_ms = BigInt(default=0)
    result = Varchar(length=15)

    scan_kind = Check("kind in ('in', 'undo')")
    scan_source = Check("source in ('qr', 'search', 'walk_in', 'paper', 'import')")


classify(
    Event,
    none="id code chapter kind state title body topic starts_at ends_at tz mode place_name address patokan latitude "
    "longitude is_home online_url audience rsvp_mode external_url rsvp_opens_at rsvp_closes_at capacity guests_max "
    "promotion ics_uid ics_sequence schedule_no published_at finished_at cancelled_at cancel_reason "
    "attendance_complete recap cloned_from created_at version",
    umum="created_by",
    purpose="what happens where and when",
    keep="for ever",
)
classify(
    Rsvp,
    none="id event state party_size queue_no expires_at confirm_by confirmed_by_person source token_no created_at "
    "changed_at",
    umum="person name_given excused_reason",
    rahasia="manage_hash",
    purpose="seats",
    keep="names 24 months, then a pseudonym",
)
classify(
    RsvpChange,
    none="id rsvp change_no from_state to_state party_size queue_no channel at",
    umum="actor_id reason",
    purpose="how a seat came about",
    keep="24 months",
)
classify(
    Scan,
    none="id nonce event kind rsvp undoes source scanned_at received_at skew_ms result",
    umum="person name_given phone_given actor_id",
    purpose="who was there",
    keep="names 24 months, then a pseudonym",
)
