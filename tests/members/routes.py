"""Joining is for everybody, one's own; lists and files are for the Rangers of the chapter."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from community.kit.viewer import Grant, Viewer
from community.members import service
from tests.factories import NOW
from tests.trust.matrix import Row, every

NOBODYS = "00000000-0000-7000-8000-000000000000"
SLUG = {"params": {"slug": "chapter"}, "missing": {"slug": "tidak-ada"}}
RANGERS_ONLY = every(404, V=303, R=200)
MEMBER = {
    "params": {"slug": "chapter", "member_id": "membership"},
    "missing": {"slug": "satu", "member_id": NOBODYS},
}
IMPORT = {
    "params": {"slug": "chapter", "import_id": "import"},
    "missing": {"slug": "satu", "import_id": NOBODYS},
}

ROWS = [
    Row("GET", "/chapters/{slug}/join", every(200, V=303), params={"slug": "chapter"}),
    Row(
        "POST",
        "/chapters/{slug}/join",
        every(303),
        params={"slug": "chapter"},
        form=lambda world: {"consent": "yes"},
    ),
    Row("POST", "/chapters/{slug}/leave", every(303), params={"slug": "chapter"}),
    Row("GET", "/chapters/{slug}/members", RANGERS_ONLY, **SLUG, canary=True),
    Row("GET", "/chapters/{slug}/members/{member_id}", RANGERS_ONLY, **MEMBER, canary=True),
    Row("GET", "/chapters/{slug}/export", RANGERS_ONLY, **SLUG),
    Row("POST", "/chapters/{slug}/export", RANGERS_ONLY, **SLUG, form=lambda world: {"reason": "daftar untuk kopdar"}),
    Row("GET", "/chapters/{slug}/import", RANGERS_ONLY, **SLUG),
    Row("POST", "/chapters/{slug}/import", every(404, V=303, R=400), **SLUG),
    Row("GET", "/chapters/{slug}/import/{import_id}", RANGERS_ONLY, **IMPORT),
    Row("GET", "/chapters/{slug}/import/{import_id}/errors", RANGERS_ONLY, **IMPORT),
    Row(
        "POST",
        "/chapters/{slug}/import/{import_id}/commit",
        every(404, V=303, R=303),
        **IMPORT,
        form=lambda world: {"file_hash": world["import_hash"]},
    ),
    Row("GET", "/me/memberships", every(200, V=303)),
    Row("GET", "/me/stores", every(200, V=303)),
    Row("POST", "/me/stores", every(303), form=lambda world: {"marketplace_store_id": "toko-baru", "name": "Toko"}),
    Row(
        "POST",
        "/me/stores/{store_id}/unlink",
        every(404, V=303, M=303),
        params={"store_id": "store"},
        missing={"store_id": NOBODYS},
    ),
    Row("GET", "/api/v1/chapters/{slug}/memberships", every(404, V=401, R=200), **SLUG, canary=True),
    Row(
        "POST",
        "/api/v1/chapters/{slug}/memberships",
        every(201, V=401),
        params={"slug": "chapter"},
        json=lambda world: {"consent": True},
    ),
    Row("DELETE", "/api/v1/chapters/{slug}/memberships", every(200, V=401), params={"slug": "chapter"}),
    Row(
        "POST",
        "/api/v1/chapters/{slug}/imports",
        every(404, V=401, R=201),
        **SLUG,
        json=lambda world: {"bukan": "daftar"},
    ),
    Row(
        "POST",
        "/api/v1/chapters/{slug}/imports/{import_id}/commit",
        every(404, V=401, R=200),
        **IMPORT,
        json=lambda world: {"file_hash": world["import_hash"]},
    ),
]


async def furnish(world: Mapping[str, str]) -> dict[str, str]:
    """Bob's spell and store, and a list that Alice has looked at."""
    bob, chapter_id = UUID(world["person:M"]), UUID(world["chapter_id"])
    await service.link_store(bob, "toko-bob", "Toko Bob", now=NOW)
    alice = Viewer(
        person_id=UUID(world["person:R"]),
        name="Alice Contoh",
        proved_at=NOW,
        roles=frozenset({Grant("ranger", chapter_id)}),
        via="cookie",
    )
    content = b"nama,asal_persetujuan\nOrang Daftar,grup lama\n"
    draft = await service.look(alice, world["chapter"], "daftar.csv", content, now=NOW)
    return {
        "membership": str((await service.spells(bob))[0].id),
        "store": str((await service.stores(bob))[0].id),
        "import": str(draft.id),
        "import_hash": draft.file_hash,
    }
