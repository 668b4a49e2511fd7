"""Teams are for who runs the chapter, one's own page for whoever is signed in, proposals for headquarters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from community.kit.viewer import Grant, Viewer
from community.members import service as members
from community.rangers import service
from community.rangers.service import Absence, Role
from tests.factories import NOW, make_member
from tests.trust.matrix import Row, every

NOBODYS = "00000000-0000-7000-8000-000000000000"
SLUG = {"params": {"slug": "chapter"}, "missing": {"slug": "tidak-ada"}}
ASKED = {"params": {"slug": "asked"}, "missing": {"slug": "tidak-ada"}}
SPELL = {"params": {"spell_id": "proposed_spell"}, "missing": {"spell_id": NOBODYS}}
OWN = {"params": {"ranger_id": "person:R"}, "missing": {"ranger_id": NOBODYS}}
RANGERS_DO = every(404, V=303, R=303)
WITH_PROFILE = every(404, V=303, R=303, R2=303)
BOB_ONLY = every(404, V=303, M=303)
REACH = {
    "region_text": "Kota Yogyakarta, Daerah Istimewa Yogyakarta",
    "region_code": "34.71",
    "load_limit": "3",
    "quiet_from": "21:00",
    "quiet_to": "07:00",
    "version": "1",
}
DAYS = {"first_on": "2026-12-01", "last_on": "2026-12-03"}

ROWS = [
    Row("GET", "/hq/proposals", every(403, V=303, H=200)),
    Row("GET", "/hq/proposals/{slug}", every(404, V=303, H=200), **ASKED),
    Row("POST", "/hq/proposals/{slug}/endorse", every(404, V=303, H=303), **ASKED),
    Row(
        "POST",
        "/hq/proposals/{slug}/not-yet",
        every(404, V=303, H=303),
        **ASKED,
        form=lambda world: {"reason": "Cari dulu tempat kumpulnya."},
    ),
    Row("GET", "/chapters/{slug}/rangers", every(404, V=303, R=200), **SLUG, canary=True),
    Row(
        "POST",
        "/chapters/{slug}/rangers",
        RANGERS_DO,
        **SLUG,
        form=lambda world: {"member_id": world["other_membership"], "kind": "deputy"},
    ),
    Row("POST", "/chapters/{slug}/rangers/renew", RANGERS_DO, **SLUG),
    Row("POST", "/chapters/{slug}/rangers/stop", RANGERS_DO, **SLUG),
    Row(
        "POST",
        "/chapters/{slug}/rangers/{spell_id}/end",
        RANGERS_DO,
        params={"slug": "chapter", "spell_id": "proposed_spell"},
        missing={"slug": "satu", "spell_id": NOBODYS},
    ),
    Row("GET", "/me/ranger", every(200, V=303)),
    Row("POST", "/me/ranger/proposals/{spell_id}/accept", BOB_ONLY, **SPELL, form=lambda world: {"conduct": "yes"}),
    Row("POST", "/me/ranger/proposals/{spell_id}/decline", BOB_ONLY, **SPELL),
    Row(
        "POST",
        "/me/ranger/skills",
        WITH_PROFILE,
        form=lambda world: {"topics": ["pricing"], "languages": ["id", "jv"], "version": "1"},
    ),
    Row("POST", "/me/ranger/reach", WITH_PROFILE, form=lambda world: REACH),
    Row("POST", "/me/ranger/leaves", WITH_PROFILE, form=lambda world: DAYS),
    Row(
        "POST",
        "/me/ranger/leaves/{leave_id}/withdraw",
        RANGERS_DO,
        params={"leave_id": "leave"},
        missing={"leave_id": NOBODYS},
    ),
    Row(
        "POST",
        "/me/ranger/consents",
        WITH_PROFILE,
        form=lambda world: {"purpose": "ranger_named_on_page", "given": "yes"},
    ),
    Row("POST", "/api/v1/chapters/{slug}/endorse", every(404, V=401, H=200), **ASKED),
    Row("GET", "/api/v1/chapters/{slug}/rangers", every(200), params={"slug": "chapter"}),
    Row(
        "POST",
        "/api/v1/chapters/{slug}/rangers",
        every(404, V=401, R=201),
        **SLUG,
        json=lambda world: {"member_id": world["other_membership"], "kind": "deputy"},
    ),
    Row("GET", "/api/v1/rangers/{ranger_id}/profile", every(404, V=401, R=200), **OWN),
    Row(
        "PATCH",
        "/api/v1/rangers/{ranger_id}/profile",
        every(404, V=401, R=200),
        **OWN,
        json=lambda world: {"load_limit": 5, "version": 1},
    ),
    Row("POST", "/api/v1/rangers/{ranger_id}/leaves", every(404, V=401, R=201), **OWN, json=lambda world: DAYS),
]


async def furnish(world: Mapping[str, str]) -> dict[str, str]:
    """Bob is asked to be a deputy; another member could be; Alice is away for some days."""
    chapter_id, alice_id = UUID(world["chapter_id"]), UUID(world["person:R"])
    alice = Viewer(
        person_id=alice_id, name="Alice Contoh", roles=frozenset({Grant("ranger", chapter_id)}), via="cookie"
    )
    other = await make_member(chapter_id, "Citra Contoh")
    spell = await service.propose(alice, world["chapter"], UUID(world["membership"]), Role.DEPUTY, now=NOW)
    leave = await service.take_leave(alice_id, Absence(date(2027, 1, 4), date(2027, 1, 5)), now=NOW)
    return {
        "proposed_spell": str(spell.id),
        "other_membership": str((await members.spells(other))[0].id),
        "leave": str(leave),
    }
