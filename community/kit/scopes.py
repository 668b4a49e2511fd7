"""What an API token may be used for, and how often."""

from __future__ import annotations

from community.kit import limits
from community.kit.csrf import SAFE_METHODS
from community.kit.errors import NotAllowed
from community.kit.i18n import N_
from community.kit.viewer import Viewer


class ScopeMissing(NotAllowed):
    """The token may read, not write."""

    code = "scope_missing"
    message = N_("Token ini hanya boleh membaca. Buat token yang boleh mengubah di halaman akun Anda.")


async def check_token(viewer: Viewer, method: str) -> None:
    """Raises ScopeMissing, or TooMany. Whoever came without a token is left to the handler."""
    if viewer.via != "token":
        return
    subject = str(viewer.sign_in_id)
    await limits.take("api.token", subject)
    if method in SAFE_METHODS:
        return
    if "write" not in viewer.scopes:
        raise ScopeMissing
    await limits.take("api.token_writes", subject)
