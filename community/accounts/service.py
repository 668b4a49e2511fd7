"""The door of the room: who somebody is, how they sign in, what they may, what they agreed to."""

from __future__ import annotations

from datetime import datetime

from community.accounts.deeds.consents import (
    ConsentView,
    ConsentWords,
    consent_text,
    has_consent,
    list_consenting,
    list_consents,
    record_consent,
    withdraw_consent,
    withdraw_own,
)
from community.accounts.deeds.door import (
    Browser,
    Entered,
    ask_for_link,
    ask_for_new_email,
    ask_for_reset,
    change_password,
    confirm_email,
    confirm_new_email,
    has_password,
    look_at_link,
    prove,
    reset_password,
    sign_in_by_link,
    sign_in_by_password,
    sign_up,
)
from community.accounts.deeds.mail import use_cancel, use_enqueue
from community.accounts.deeds.own import (
    AccountPage,
    Look,
    account_page,
    consent_page,
    export_everything,
    export_person,
    token_chapters,
    use_chapter_names,
    use_exports,
    use_listings,
    who_looked,
)
from community.accounts.deeds.people import (
    choose_locale,
    edit_profile,
    find_person,
    forget_unconfirmed,
    list_by_contacts,
    make_account,
    make_guest,
    make_guests,
    names,
    person_by_contact,
    resolve,
    show_person,
)
from community.accounts.deeds.rights import (
    TokenView,
    create_token,
    end_role,
    give_role,
    list_holders,
    list_tokens,
    resolve_bearer,
    revoke_token,
    roles_of,
)
from community.accounts.deeds.signing import (
    SignInView,
    demo_sign_in,
    list_sign_ins,
    resolve_cookie,
    sign_out,
    sign_out_everywhere,
    start_sign_in,
)
from community.accounts.rules.paths import local_path
from community.accounts.rules.people import PersonView, device_label
from community.accounts.rules.rights import SCOPES
from community.accounts.rules.signing import proves_by_link
from community.kit import limits

__all__ = [
    "SCOPES",
    "AccountPage",
    "Browser",
    "ConsentView",
    "ConsentWords",
    "Entered",
    "Look",
    "PersonView",
    "SignInView",
    "TokenView",
    "account_page",
    "ask_for_link",
    "ask_for_new_email",
    "ask_for_reset",
    "change_password",
    "choose_locale",
    "confirm_email",
    "confirm_new_email",
    "consent_page",
    "consent_text",
    "create_token",
    "demo_sign_in",
    "device_label",
    "edit_profile",
    "end_role",
    "export_everything",
    "export_person",
    "find_person",
    "forget_unconfirmed",
    "give_role",
    "has_consent",
    "has_password",
    "list_by_contacts",
    "list_consenting",
    "list_consents",
    "list_holders",
    "list_sign_ins",
    "list_tokens",
    "local_path",
    "look_at_link",
    "make_account",
    "make_guest",
    "make_guests",
    "names",
    "person_by_contact",
    "prove",
    "proves_by_link",
    "record_consent",
    "reset_password",
    "resolve",
    "resolve_bearer",
    "resolve_cookie",
    "revoke_token",
    "roles_of",
    "show_person",
    "sign_in_by_link",
    "sign_in_by_password",
    "sign_out",
    "sign_out_everywhere",
    "sign_up",
    "start_sign_in",
    "sweep",
    "token_chapters",
    "use_cancel",
    "use_chapter_names",
    "use_enqueue",
    "use_exports",
    "use_listings",
    "who_looked",
    "withdraw_consent",
    "withdraw_own",
]


async def sweep(*, now: datetime) -> None:
    """Nightly: sign-ups nobody confirmed, and rate buckets that are full again."""
    while await forget_unconfirmed(now=now):
        pass
    await limits.sweep()
