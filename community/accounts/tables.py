"""People, sign-ins, mailed links, role spells, API tokens, consents."""

from __future__ import annotations

from piccolo.columns import Array, Boolean, Bytea, Integer, Text, Varchar
from piccolo.constraints import Check
from piccolo.table import Table

from community.kit.columns import instant, key, link, loose_id
from community.kit.privacy import classify


class Person(Table):
    """A person with an account, or a guest known by name and contact only.

    Partial unique indexes (in the migrations): one account per verified phone, one per e-mail address.
    """

    id = key()
    kind = Varchar(length=10)
    name = Varchar(length=100)
    phone = Varchar(length=16, null=True, default=None, index=True)
    phone_verified_at = instant(null=True)
    email = Varchar(length=254, null=True, default=None, index=True)
    email_verified_at = instant(null=True)
    password_hash = Varchar(length=200, null=True, default=None)
    locale = Varchar(length=2, null=True, default=None)
    merged_into = loose_id()
    is_demo = Boolean(default=False)
    created_at = instant()
    version = Integer(default=1)

    person_kind = Check("kind in ('account', 'guest')")


class SignIn(Table):
    """One signed-in browser. The cookie's token is random and made here; only its hash is kept."""

    id = key()
    token_hash = Bytea(unique=True, default=None)
    person = link(Person)
    strength = Varchar(length=10)  # password, link
    created_at = instant()
    last_seen_at = instant()
    expires_at = instant()
    proved_at = instant()
    network = Varchar(length=50)
    device_label = Varchar(length=80)
    ended_at = instant(null=True)
    ended_reason = Varchar(length=30, null=True, default=None)


class MailedLink(Table):
    """A single-use link sent by e-mail: GET shows a button, POST uses it up."""

    id = key()
    token_hash = Bytea(unique=True, default=None)
    person = link(Person)
    purpose = Varchar(length=20)  # sign_in, verify_email, reset
    email = Varchar(length=254)
    next_path = Varchar(length=300, null=True, default=None)
    created_at = instant()
    expires_at = instant()
    used_at = instant(null=True)


class RoleSpell(Table):
    """A right from..to, read on each request. The room that appoints writes it in its own transaction.

    role: ranger, deputy (scope = chapter); hq, administrator (no scope); later partner, officer, care_handler,
    care_lead.
    """

    id = key()
    person = link(Person)
    role = Varchar(length=20)
    scope_id = loose_id(index=True)
    from_at = instant()
    to_at = instant(null=True)
    granted_by = loose_id()

    role_spell_order = Check("to_at is null or to_at >= from_at")


class ApiToken(Table):
    """`rgr_<8>_<43>`: the first part is the public prefix, the whole is kept as SHA-256 only."""

    id = key()
    person = link(Person)
    name = Varchar(length=60)
    prefix = Varchar(length=8, unique=True)
    token_hash = Bytea(unique=True, default=None)
    scopes = Array(base_column=Varchar(length=20), default=list)
    chapter_id = loose_id()
    created_at = instant()
    expires_at = instant()
    last_used_at = instant(null=True)
    revoked_at = instant(null=True)


class Consent(Table):
    """Ledger: who agreed to what, in which words, when, through which channel; and when it was taken back."""

    id = key()
    person = link(Person)
    purpose = Varchar(length=40)
    scope_id = loose_id(index=True)
    text_version = Varchar(length=20)
    at = instant()
    channel = Varchar(length=20)
    given_by = loose_id()
    withdrawn_at = instant(null=True)


class ConsentText(Table):
    """The words people agreed to, by version; written once, never changed."""

    id = key()
    purpose = Varchar(length=40)
    text_version = Varchar(length=20)
    text_id = Text()
    text_en = Text()


classify(
    Person,
    none="id kind locale merged_into is_demo created_at version phone_verified_at email_verified_at",
    umum="name phone email",
    rahasia="password_hash",
    purpose="being known, reached and signed in",
    keep="until erasure; unconfirmed 7 days",
)
classify(
    SignIn,
    none="id strength created_at last_seen_at expires_at proved_at ended_at ended_reason",
    umum="person network device_label",
    rahasia="token_hash",
    purpose="staying signed in; seeing where",
    keep="12 months after the end",
)
classify(
    MailedLink,
    none="id purpose next_path created_at expires_at used_at",
    umum="person email",
    rahasia="token_hash",
    purpose="signing in without a password",
    keep="12 months",
)
classify(
    RoleSpell,
    none="id role scope_id from_at to_at",
    umum="person granted_by",
    purpose="rights",
    keep="24 months after the end",
)
classify(
    ApiToken,
    none="id prefix scopes chapter_id created_at expires_at last_used_at revoked_at",
    umum="person name",
    rahasia="token_hash",
    purpose="the API in a person's name",
    keep="12 months after the end",
)
classify(
    Consent,
    none="id purpose scope_id text_version at channel withdrawn_at",
    umum="person given_by",
    purpose="proof of consent",
    keep="as long as relied upon, then 24 months",
)
classify(ConsentText, none="id purpose text_version text_id text_en", purpose="the words agreed to", keep="for ever")
