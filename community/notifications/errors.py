"""What can go wrong here."""

from __future__ import annotations

from community.kit.errors import NotFound
from community.kit.i18n import N_


class NoticeNotFound(NotFound):
    code = "notice_not_found"


class UnknownUnsubscribe(NotFound):
    code = "unknown_unsubscribe"
    message = N_("Tautan ini tidak lengkap. Salin seluruh alamatnya dari e-mail itu, atau atur e-mail di Kotak kabar.")
