"""What can go wrong when somebody names a place."""

from __future__ import annotations

from community.kit.errors import FieldError, InvalidInput, NotFound
from community.kit.i18n import N_, gettext


class RegionNotFound(NotFound):
    code = "region_not_found"
    message = N_("Tidak ada wilayah dengan kode itu. Cari namanya, lalu pilih dari daftar.")


class RegionCodeMalformed(InvalidInput):
    """A code is `NN` for a province, `NN.NN` for a kabupaten or kota."""

    code = "region_code_malformed"
    message = N_("Kode wilayah ditulis seperti 35 atau 35.71.")

    def __init__(self, pointer: str = "/code") -> None:
        super().__init__([FieldError(pointer, self.code, gettext(self.message))])


class SearchTooLong(InvalidInput):
    code = "text_too_long"
    message = N_("Tulis nama tempatnya saja, paling banyak %(most)s huruf.")

    def __init__(self, most: int) -> None:
        super().__init__([FieldError("/q", self.code, gettext(self.message) % {"most": most})], most=most)


class LimitOutOfRange(InvalidInput):
    code = "limit_out_of_range"
    message = N_("Jumlah hasil antara 1 dan %(most)s.")

    def __init__(self, most: int) -> None:
        super().__init__([FieldError("/limit", self.code, gettext(self.message) % {"most": most})], most=most)


class PlaceUnclear(InvalidInput):
    """The place field is not settled: nothing typed, nothing found, or several places it may mean."""

    code = "place_unclear"

    def __init__(self, pointer: str, code: str, detail: str) -> None:
        super().__init__([FieldError(pointer, code, detail)])
