"""Notices: what a person was told. Deliveries: how each notice leaves by mail."""

from __future__ import annotations

from piccolo.columns import JSONB, Boolean, Integer, SmallInt, Text, Varchar
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from community.accounts.tables import Person
from community.kit.columns import instant, key, link, loose_id
from community.kit.privacy import classify


class Notice(Table):
    """One message to one person; the rows of a person are the in-app inbox. `dedupe_key`: the same is told once."""

    id = key()
    person = link(Person)
    template = Varchar(length=80)
    params = JSONB(default="{}")
    private = Boolean(default=False)  # not for the inbox; params are emptied once it has left
    category = Varchar(length=10)  # essential, reminder, ask, news
    subject_kind = Varchar(length=30)  # what still_true asks about, e.g. event
    subject_id = loose_id(index=True)
    chapter_id = loose_id(index=True)
    dedupe_key = Varchar(length=200, unique=True)
    created_at = instant(index=True)
    not_before = instant()
    expires_at = instant(null=True)
    read_at = instant(null=True)

    notice_category = Check("category in ('essential', 'reminder', 'ask', 'news')")


class Delivery(Table):
    """A notice on its way through one channel. Its id is the idempotency key (in a mail: the Message-ID)."""

    id = key()
    notice = link(Notice)
    channel = Varchar(length=10)  # email
    address = Varchar(length=254)
    given = Boolean(default=False)  # named by the deed, not the person's verified address: not looked up again
    state = Varchar(length=10)
    due_at = instant()
    lease_until = instant(null=True)
    attempts = SmallInt(default=0)
    sent_at = instant(null=True)
    error = Varchar(length=300, null=True, default=None)
    size = Integer(null=True, default=None)

    delivery_once = Unique([notice, channel])
    delivery_state = Check("state in ('pending', 'leased', 'sent', 'failed', 'unknown', 'cancelled', 'expired')")


class OptOut(Table):
    """A person wants no mails of a category any more (news is a consent and ends in the ledger)."""

    id = key()
    person = link(Person)
    category = Varchar(length=10)
    at = instant()

    opt_out_once = Unique([person, category])


class DemoMail(Table):
    """In demo mode, and there only, mails end here instead of on a mail server."""

    id = key()
    message_id = Varchar(length=200, index=True)
    recipient = Varchar(length=254)
    subject = Varchar(length=300)
    source = Text(default="")  # the whole mail as a server would have got it
    at = instant(index=True)


classify(
    Notice,
    none="id template private category subject_kind subject_id chapter_id dedupe_key created_at not_before expires_at"
    " read_at",
    umum="person params",
    purpose="telling people what concerns them",
    keep="24 months",
)
classify(
    Delivery,
    none="id notice channel given state due_at lease_until attempts sent_at error size",
    umum="address",
    purpose="a message owed is sent",
    keep="12 months",
)
classify(
    OptOut,
    none="id category at",
    umum="person",
    purpose="mails somebody does not want",
    keep="until taken back",
)
classify(
    DemoMail,
    none="id message_id at",
    umum="recipient subject source",
    purpose="reading mails in the demo",
    keep="demo only",
)
