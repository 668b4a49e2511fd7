"""Open chapters are public; a proposal is its founders' and headquarters'; a chapter's pages are run by its Rangers."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from community.chapters import service
from community.chapters.service import Proposal
from community.kit.db import first
from tests.factories import NOW, make_person
from tests.trust.matrix import Row, every, public

NONE = {"slug": "tidak-ada"}
SLUG = {"params": {"slug": "chapter"}, "missing": NONE}
RANGERS_ONLY = every(404, V=303, R=200)
TEXTS = {"name": "Nama Baru", "about": "Tentang kami", "slug": "satu", "version": "1"}
PROPOSAL = {
    "name": "Komunitas Usulan",
    "region_text": "Kota Kediri, Jawa Timur",
    "founder_name": "Pendiri Kedua",
    "founder_contact": "pendiri@contoh.example",
    "conduct": "yes",
}

ROWS = [
    public("/chapters"),
    public("/chapters/{slug}", params={"slug": "chapter"}),
    public("/topics"),
    Row("GET", "/chapters/propose", every(200, V=303)),
    Row("POST", "/chapters/propose", every(303), form=lambda world: PROPOSAL),
    Row("GET", "/founders/{token}", every(200, V=303), params={"token": "founder_token"}),
    Row(
        "POST",
        "/founders/{token}",
        every(303),
        params={"token": "founder_token"},
        form=lambda world: {"conduct": "yes"},
    ),
    Row("GET", "/chapters/{slug}/manage", RANGERS_ONLY, **SLUG),
    Row("GET", "/chapters/{slug}/edit", RANGERS_ONLY, **SLUG),
    Row("POST", "/chapters/{slug}/edit", every(404, V=303, R=303), **SLUG, form=lambda world: TEXTS),
    Row("POST", "/chapters/{slug}/rest", every(404, V=303, R=303), **SLUG),
    Row(
        "POST",
        "/chapters/{slug}/ask-again",
        every(404, V=303, M=303),
        params={"slug": "answered"},
        missing=NONE,
    ),
    Row(
        "POST",
        "/chapters/{slug}/withdraw",
        every(404, V=303, M=303),
        params={"slug": "answered"},
        missing=NONE,
    ),
    Row("GET", "/api/v1/chapters", every(200)),
    Row(
        "POST",
        "/api/v1/chapters",
        every(201, V=401),
        json=lambda world: {
            "name": "Komunitas Usulan",
            "region_code": "35.71",
            "founder_name": "Pendiri Kedua",
            "founder_contact": "pendiri@contoh.example",
            "conduct": True,
        },
    ),
    Row("GET", "/api/v1/chapters/{slug}", every(200), params={"slug": "chapter"}),
    Row(
        "PATCH",
        "/api/v1/chapters/{slug}",
        every(404, V=401, R=200),
        **SLUG,
        json=lambda world: {"name": "Nama Baru", "version": 1},
    ),
    Row("GET", "/api/v1/chapters/{slug}/states", every(200), params={"slug": "chapter"}),
    Row("GET", "/api/v1/topics", every(200)),
]


async def furnish(world: Mapping[str, str]) -> dict[str, str]:
    """A proposal that waits for its second founder, one that waits for headquarters, and one that was answered."""
    waiting = await _propose(await make_person("Pengusul Contoh"), "Usulan Menunggu")
    row = await first("select id from chapter_founder where chapter = {} and accepted_at is null", waiting.id)
    assert row is not None
    asked = await _ask(await make_person("Pengusul Contoh"), "Usulan Diajukan")
    answered = await _ask(UUID(world["person:M"]), "Usulan Dijawab")
    await service.answer_not_yet(UUID(world["person:H"]), answered.slug, "Belum cukup orang di sana.", now=NOW)
    return {"founder_token": service.invitation_token(row["id"]), "asked": asked.slug, "answered": answered.slug}


async def _propose(person_id: UUID, name: str) -> service.Chapter:
    proposal = Proposal(name, "35.71", (), "Pendiri Kedua", "081299990000", True)
    return await service.propose(person_id, proposal, now=NOW)


async def _ask(person_id: UUID, name: str) -> service.Chapter:
    chapter = await _propose(person_id, name)
    row = await first("select id from chapter_founder where chapter = {} and accepted_at is null", chapter.id)
    assert row is not None
    second = await make_person("Pendiri Contoh")
    return await service.accept_founding(service.invitation_token(row["id"]), second, conduct=True, now=NOW)
