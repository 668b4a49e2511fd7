"""Knowledge-sharing sessions and their speakers."""

from __future__ import annotations

from piccolo.columns import Integer, SmallInt, Varchar
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from community.accounts.tables import Person
from community.chapters.tables import Topic
from community.events.tables import Event
from community.kit.columns import instant, key, link
from community.kit.privacy import classify


class Session(Table):
    """One session at an event, in the order of `position`."""

    id = key()
    event = link(Event)
    position = SmallInt(default=1)
    title = Varchar(length=120)
    topic = link(Topic)
    level = Varchar(length=10)
    form = Varchar(length=10)
    minutes = SmallInt(default=60)
    language = Varchar(length=3)
    created_at = instant()
    removed_at = instant(null=True)
    version = Integer(default=1)

    session_level = Check("level in ('pemula', 'lanjut', 'mahir')")
    session_form = Check("form in ('talk', 'workshop', 'clinic', 'panel')")
    session_minutes = Check("minutes between 10 and 480")


class Speaker(Table):
    """Who speaks: a person of the platform, or an outside name; shown only with consent."""

    id = key()
    session = link(Session)
    position = SmallInt(default=1)
    person = link(Person, null=True)
    outside_name = Varchar(length=100, null=True, default=None)
    consent_at = instant(null=True)

    speaker_order = Unique([session, position])
    speaker_known = Check("(person is null) <> (outside_name is null)")


classify(
    Session,
    none="id event position title topic level form minutes language created_at removed_at version",
    purpose="what is taught",
    keep="for ever",
)
classify(
    Speaker,
    none="id session position",
    umum="person outside_name consent_at",
    purpose="who teaches",
    keep="until erasure",
)
