"""What can go wrong with Rangers, profiles and leaves."""

from __future__ import annotations

from community.kit.errors import Conflict, FieldError, InvalidInput, NotFound
from community.kit.i18n import N_
from community.kit.i18n import gettext as _


class SpellNotFound(NotFound):
    code = "ranger_spell_not_found"


class ProposalNotFound(NotFound):
    """Nothing of this name waits for an answer."""

    code = "proposal_not_found"


class ProfileNotFound(NotFound):
    code = "ranger_profile_not_found"


class LeaveNotFound(NotFound):
    code = "leave_not_found"


class AlreadyRanger(Conflict):
    code = "already_ranger"
    message = N_("Orang ini sudah menjadi Ranger, atau usulannya masih menunggu jawaban.")


class AccountNeeded(Conflict):
    """A guest or an imported person cannot sign in, so cannot accept."""

    code = "account_needed"
    message = N_("Orang ini belum punya akun. Minta dia mendaftar dulu, lalu usulkan lagi.")


class NotRenewable(Conflict):
    code = "not_renewable"
    message = N_("Masa tugas diperpanjang dalam 60 hari terakhirnya.")


class ConductNeeded(InvalidInput):
    def __init__(self) -> None:
        super().__init__([FieldError("/conduct", "conduct_needed", _("Centang janji bersama untuk melanjutkan."))])


class TooManyTopics(InvalidInput):
    def __init__(self, most: int) -> None:
        words = _("Pilih paling banyak %(most)s topik.") % {"most": most}
        super().__init__([FieldError("/topics", "too_many", words)])


class TopicUnknown(InvalidInput):
    def __init__(self) -> None:
        super().__init__([FieldError("/topics", "topic_unknown", _("Pilih topik dari daftar."))])


class LanguageUnknown(InvalidInput):
    def __init__(self) -> None:
        super().__init__([FieldError("/languages", "language_unknown", _("Pilih bahasa dari daftar."))])


class LeaveRefused(InvalidInput):
    """Ends before it begins, is over, or is longer than 180 days."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__([FieldError(f"/{field}", "leave_refused", words)])
