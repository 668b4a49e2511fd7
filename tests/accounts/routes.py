"""The door is open to everybody, the account to whoever is signed in, and each sees only their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from community.accounts import service
from community.accounts.deeds import mail
from community.accounts.queries.rights import list_consents, list_tokens
from tests.factories import NOW
from tests.trust.matrix import Row, every

PASSWORD = "tiga kuda di kebun"
NOBODYS = "00000000-0000-7000-8000-000000000000"
NOBODY = "siapa@contoh.example"

KINDS = ("sign_in", "verify_email", "reset", "new_email")
OWN = every(200, V=303)
DONE = every(303)
API = every(200, V=401)
BOBS = every(404, V=303, M=303)

ROWS = [
    Row("GET", "/sign-in", every(200)),
    Row(
        "POST", "/sign-in", every(400), form=lambda world: {"email": "siapa@contoh.example", "password": "salah sekali"}
    ),
    Row("GET", "/sign-in/sent", every(200)),
    Row("GET", "/sign-in/link/{token}", every(200), params={"token": "link:sign_in"}),
    Row("POST", "/sign-in/link/{token}", DONE, params={"token": "link:sign_in"}),
    Row("GET", "/sign-up", every(200)),
    Row("POST", "/sign-up", DONE, form=lambda world: {"name": "Baru", "email": "baru@contoh.example", "adult": "yes"}),
    Row("GET", "/verify/{token}", every(200), params={"token": "link:verify_email"}),
    Row("POST", "/verify/{token}", DONE, params={"token": "link:verify_email"}),
    Row("GET", "/verify/new/{token}", every(200), params={"token": "link:new_email"}),
    Row("POST", "/verify/new/{token}", DONE, params={"token": "link:new_email"}),
    Row("GET", "/reset", every(200)),
    Row("POST", "/reset", DONE, form=lambda world: {"email": NOBODY}),
    Row("GET", "/reset/{token}", every(200), params={"token": "link:reset"}),
    Row("POST", "/reset/{token}", DONE, params={"token": "link:reset"}, form=lambda world: {"password": PASSWORD}),
    Row("POST", "/sign-out", DONE),
    Row("POST", "/language", DONE, form=lambda world: {"lang": "en", "next": "/"}),
    Row("GET", "/prove", OWN, canary=True),
    Row("POST", "/prove", every(400, V=303), form=lambda world: {"password": "salah sekali"}),
    Row("GET", "/me", OWN, canary=True),
    Row("GET", "/me/profile", OWN, canary=True),
    Row("POST", "/me/profile", DONE, form=lambda world: {"name": "Nama Baru", "version": "1"}),
    Row("GET", "/me/email", OWN, canary=True),
    Row("POST", "/me/email", DONE, form=lambda world: {"email": NOBODY}),
    Row("GET", "/me/password", OWN, canary=True),
    Row("POST", "/me/password", DONE, form=lambda world: {"password": PASSWORD}),
    Row("POST", "/me/sign-out-everywhere", DONE),
    Row("GET", "/me/tokens", OWN),
    Row("POST", "/me/tokens", OWN, form=lambda world: {"name": "laporan", "days": "30"}),
    Row(
        "POST",
        "/me/tokens/{token_id}/revoke",
        BOBS,
        params={"token_id": "bobs_token"},
        missing={"token_id": NOBODYS},
    ),
    Row(
        "POST",
        "/me/consents/{consent_id}/withdraw",
        BOBS,
        params={"consent_id": "bobs_consent"},
        missing={"consent_id": NOBODYS},
    ),
    Row("GET", "/me/consents", OWN),
    Row("GET", "/me/looks", OWN),
    Row("GET", "/me/export", OWN),
    Row("POST", "/me/export", OWN, canary=True),
    Row("GET", "/api/v1/me", API, canary=True),
    Row("PATCH", "/api/v1/me", API, json=lambda world: {"name": "Nama Baru", "version": 1}),
    Row("GET", "/api/v1/me/consents", API),
    Row(
        "POST",
        "/api/v1/me/consents/{consent_id}/withdraw",
        every(404, V=401, M=200),
        params={"consent_id": "bobs_consent"},
        missing={"consent_id": NOBODYS},
    ),
    Row("GET", "/api/v1/me/tokens", API),
    Row("GET", "/api/v1/me/looks", API),
    Row("POST", "/api/v1/me/export", API, canary=True),
]


async def furnish(world: Mapping[str, str]) -> dict[str, str]:
    """Bob's token and consent, and one mailed link of each kind to a person of their own."""
    bob = UUID(world["person:M"])
    await service.create_token(bob, "laporan", scopes=["read"], chapter_id=None, days=30, now=NOW)
    await service.record_consent(bob, "news", channel="web", now=NOW)
    [token], [consent] = await list_tokens(bob, NOW), await list_consents(bob)
    return {"bobs_token": str(token["id"]), "bobs_consent": str(consent["id"]), **await _links()}


async def _links() -> dict[str, str]:
    sent: dict[str, str] = {}

    async def keep(person_id: UUID, template: str, params: dict[str, Any], **options: Any) -> None:
        sent[template] = str(params["link"]).rpartition("/")[2]

    before = mail._enqueue
    mail.use_enqueue(keep)
    for purpose in KINDS:
        email = f"{purpose}@contoh.example"
        person = await service.make_account("Orang Tautan", email=email, verified=purpose != "verify_email", now=NOW)
        await mail.mail_link(person, email, purpose, template=purpose, path="/x", next_path=None, now=NOW)
    mail._enqueue = before
    return {f"link:{purpose}": sent[f"accounts/{purpose}"] for purpose in KINDS}
