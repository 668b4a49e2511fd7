"""A file of members, from bytes to rows: every fault named with row, column, value and what to do."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from community.kit.forms import EMAIL
from community.kit.i18n import gettext as _
from community.kit.inputs import clean_text
from community.kit.phones import parse_phone

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 50_000
EARLIEST = date(2000, 1, 1)
STORE_ID = re.compile(r"[A-Za-z0-9_-]{1,32}", re.ASCII)
DELIMITERS = ",;\t"
_BROKEN_NUMBER = re.compile(r"\d+(?:[.,]\d+)?E\+?\d+", re.IGNORECASE | re.ASCII)

ALIASES: dict[str, frozenset[str]] = {
    "name": frozenset({"nama", "nama lengkap", "nama anggota", "nama pelapak", "name", "full name"}),
    "phone": frozenset(
        {"hp", "no hp", "nomor hp", "telepon", "no telepon", "nomor telepon", "telp", "no telp", "wa", "no wa",
         "nomor wa", "whatsapp", "no whatsapp", "nomor whatsapp", "handphone", "phone"}
    ),
    "email": frozenset({"email", "e mail", "surel", "alamat email"}),
    "joined": frozenset(
        {"bergabung", "tanggal bergabung", "tgl bergabung", "tanggal gabung", "gabung", "sejak", "joined"}
    ),
    "store_id": frozenset({"id toko", "toko id", "store id"}),
    "store_name": frozenset({"nama toko", "toko", "store", "store name"}),
    "consent": frozenset({"asal persetujuan", "persetujuan", "sumber persetujuan", "consent"}),
}  # fmt: skip
NEEDED = ("name", "consent")
MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "januari january jan", "februari february pebruari feb peb", "maret march mar", "april apr",
            "mei may", "juni june jun", "juli july jul", "agustus august agu agt aug ags", "september sep sept",
            "oktober october okt oct", "november nopember nov nop", "desember december des dec",
        ),
        1,
    )
    for word in words.split()
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One person of the file. `precision` says how much of `joined_on` was given: day, month or year."""

    number: int
    name: str
    phone: str | None
    email: str | None
    joined_on: date | None
    precision: str
    store_id: str | None
    store_name: str | None
    consent: str


@dataclass(frozen=True)
class RowError:
    """`number` as a spreadsheet counts (the heading is 1); 0 is the file itself."""

    number: int
    column: str
    value: str
    code: str
    advice: str


@dataclass(frozen=True)
class Reading:
    rows: tuple[Row, ...]
    errors: tuple[RowError, ...]
    unread: tuple[str, ...]
    """Columns that are listed but not stored."""
    row_count: int


class _Refused(Exception):
    """One cell: a stable code and advice. Never leaves this module."""

    def __init__(self, code: str, advice: str) -> None:
        super().__init__(code)
        self.code, self.advice = code, advice


def read(content: bytes, today: date) -> Reading:
    """The people in the file. `today` (in the chapter's zone) is the last day anybody can have joined."""
    try:
        table = enumerate(_table(content), 1)
        heading = next((cells for _number, cells in table if any(cell.strip() for cell in cells)), [])
        columns = _columns(heading)
    except _Refused as refused:
        return Reading((), (RowError(0, "", "", refused.code, refused.advice),), (), 0)
    unread = tuple(name for index, name in enumerate(heading) if name.strip() and index not in columns.values())
    return _read_rows(table, heading, columns, unread, today)


def _read_rows(
    table: Iterator[tuple[int, list[str]]],
    heading: Sequence[str],
    columns: Mapping[str, int],
    unread: tuple[str, ...],
    today: date,
) -> Reading:
    rows, errors = [], []
    seen_stores: dict[str, int] = {}
    count = 0
    try:
        for number, cells in table:
            if not any(cell.strip() for cell in cells):
                continue
            count += 1
            if count > MOST_ROWS:
                raise _Refused(
                    "too_many_rows", _("Paling banyak 50.000 baris. Bagi berkasnya, lalu unggah satu per satu.")
                )
            row, faults = _row(number, cells, heading, columns, today)
            faults += _store_twice(row, heading, columns, seen_stores)
            errors += faults
            rows += [] if faults else [row]
    except _Refused as refused:
        errors = [RowError(0, "", "", refused.code, refused.advice), *errors]
    if not count and not errors:
        errors.append(
            RowError(0, "", "", "no_rows", _("Berkas ini tidak berisi baris anggota. Periksa lalu unggah lagi."))
        )
    return Reading(tuple(rows), tuple(errors), unread, count)


def _table(content: bytes) -> Iterator[list[str]]:
    """Raises _Refused, also while being read."""
    if len(content) > MOST_BYTES:
        raise _Refused("too_large", _("Berkas paling besar 10 MB. Bagi berkasnya, lalu unggah satu per satu."))
    text = _decode(content)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise _Refused("not_csv", _not_csv()) from None


def _not_csv() -> str:
    return _("Ini bukan berkas CSV. Di spreadsheet pilih “Simpan sebagai”, lalu CSV UTF-8.")


def _decode(content: bytes) -> str:
    """UTF-8, else cp1252 as older spreadsheets write it."""
    if b"\0" in content:
        raise _Refused("not_csv", _not_csv())
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            return content.decode("cp1252")
        except UnicodeDecodeError:
            raise _Refused("not_csv", _not_csv()) from None


def _columns(heading: Sequence[str]) -> dict[str, int]:
    """Field → position. Raises _Refused where a needed column is missing or one stands twice."""
    found: dict[str, int] = {}
    for position, name in enumerate(heading):
        field = next((field for field, names in ALIASES.items() if _folded(name) in names), None)
        if field in found:
            raise _Refused(
                "column_twice", _("Kolom “%(name)s” ada dua kali. Hapus salah satunya.") % {"name": name[:40]}
            )
        if field:
            found[field] = position
    if any(field not in found for field in NEEDED):
        raise _Refused(
            "column_missing",
            _("Baris pertama harus memuat kolom nama dan asal_persetujuan. Tambahkan kolom yang belum ada."),
        )
    return found


def _folded(name: str) -> str:
    return " ".join(re.findall(r"[a-z]+", name.casefold()))


def _row(
    number: int, cells: Sequence[str], heading: Sequence[str], columns: Mapping[str, int], today: date
) -> tuple[Row, list[RowError]]:
    faults: list[RowError] = []
    values: dict[str, object] = {}
    if len(cells) > len(heading):
        advice = _("Baris ini punya lebih banyak kolom daripada baris pertama. Periksa tanda pemisahnya.")
        faults.append(RowError(number, "", "", "too_many_cells", advice))
    for field, position in columns.items():
        raw = cells[position] if position < len(cells) else ""
        try:
            values[field] = _value(field, raw, today)
        except _Refused as refused:
            faults.append(RowError(number, heading[position].strip(), raw[:60], refused.code, refused.advice))
    joined = cast(tuple[date | None, str], values.get("joined") or (None, "day"))
    row = Row(
        number=number,
        name=str(values.get("name") or ""),
        phone=_text_or_none(values.get("phone")),
        email=_text_or_none(values.get("email")),
        joined_on=joined[0],
        precision=joined[1],
        store_id=_text_or_none(values.get("store_id")),
        store_name=_text_or_none(values.get("store_name")),
        consent=str(values.get("consent") or ""),
    )
    return row, faults


def _text_or_none(value: object) -> str | None:
    return str(value) if value else None


def _store_twice(row: Row, heading: Sequence[str], columns: Mapping[str, int], seen: dict[str, int]) -> list[RowError]:
    if row.store_id is None:
        return []
    earlier = seen.setdefault(row.store_id, row.number)
    if earlier == row.number:
        return []
    advice = _("ID toko ini sudah ada di baris %(row)s. Hapus dari salah satu baris.") % {"row": earlier}
    return [RowError(row.number, heading[columns["store_id"]].strip(), row.store_id, "store_twice", advice)]


def _value(field: str, raw: str, today: date) -> object:
    """Raises _Refused. A cell may begin with the mark that keeps spreadsheets from calculating: it is taken off."""
    try:
        text = clean_text(raw.lstrip("\t'"))
    except ValueError:
        raise _Refused(
            "bad_text", _("Isi ini memuat tanda yang tidak bisa disimpan. Ketik ulang tanpa tanda itu.")
        ) from None
    return _READERS[field](text, today)


def _name(text: str, today: date) -> str:
    if not text:
        raise _Refused("name_missing", _("Isi nama."))
    if len(text) > 100:
        raise _Refused("name_too_long", _("Nama paling banyak 100 huruf."))
    return text


def _phone(text: str, today: date) -> str | None:
    if not text or text == "-":
        return None
    if _BROKEN_NUMBER.fullmatch(text):
        advice = _("Nomor rusak oleh spreadsheet. Ubah kolomnya menjadi teks, lalu ketik ulang nomornya.")
        raise _Refused("phone_broken", advice)
    try:
        return parse_phone(text)
    except ValueError as refused:
        raise _Refused("not_phone", str(refused)) from None


def _email(text: str, today: date) -> str | None:
    if not text or text == "-":
        return None
    if len(text) > 254 or not EMAIL.fullmatch(text):
        raise _Refused("not_email", _("Tulis alamat e-mail lengkap, misalnya nama@contoh.id, atau kosongkan."))
    local, _at, domain = text.rpartition("@")
    return f"{local}@{domain.lower()}"


def _joined(text: str, today: date) -> tuple[date, str] | None:
    if not text or text == "-":
        return None
    found = parse_joined(text)
    if found is None:
        advice = _("Tulis tanggal bergabung seperti 2019-03-01, 01/03/2019, Maret 2019, atau 2019.")
        raise _Refused("not_date", advice)
    if not EARLIEST <= found[0] <= today:
        raise _Refused("date_out_of_range", _("Tanggal bergabung harus antara tahun 2000 dan hari ini."))
    return found


def parse_joined(text: str) -> tuple[date, str] | None:
    """(first day meant, precision); None where it cannot be read. Day before month, as written here."""
    words = text.casefold().replace(",", " ").split()
    try:
        if len(words) == 1:
            return _numeric_date(words[0])
        month = MONTHS.get(words[-2].rstrip("."), 0)
        year = _year(words[-1])
        if len(words) == 3 and month:
            return date(year, month, int(words[0])), "day"
        return (date(year, month, 1), "month") if len(words) == 2 and month else None
    except ValueError:
        return None


def _numeric_date(word: str) -> tuple[date, str] | None:
    parts = re.split(r"[-/.]", word)
    if not all(part.isascii() and part.isdecimal() for part in parts):
        return None
    match [len(part) for part in parts]:
        case [4]:
            return date(int(word), 1, 1), "year"
        case [4, _month, _day]:
            return date(*map(int, parts)), "day"
        case [_day, _month, 4]:
            return date(*map(int, reversed(parts))), "day"
        case [4, _month]:
            return date(int(parts[0]), int(parts[1]), 1), "month"
        case [_month, 4]:
            return date(int(parts[1]), int(parts[0]), 1), "month"
    return None


def _year(word: str) -> int:
    """Raises ValueError: two digits would be a guess."""
    if len(word) != 4:
        raise ValueError(word)
    return int(word)


def _store_id(text: str, today: date) -> str | None:
    if not text or text == "-":
        return None
    if not STORE_ID.fullmatch(text):
        raise _Refused("not_store_id", _("ID toko terdiri dari 1–32 huruf, angka, _ atau -."))
    return text


def _store_name(text: str, today: date) -> str | None:
    if len(text) > 60:
        raise _Refused("store_name_too_long", _("Nama toko paling banyak 60 huruf."))
    return text or None


def _consent(text: str, today: date) -> str:
    if not text:
        advice = _("Tulis bagaimana orang ini setuju ada di daftar, misalnya “formulir kopdar Mei 2025”.")
        raise _Refused("consent_missing", advice)
    if len(text) > 200:
        raise _Refused("consent_too_long", _("Asal persetujuan paling banyak 200 huruf."))
    return text


_READERS = {
    "name": _name,
    "phone": _phone,
    "email": _email,
    "joined": _joined,
    "store_id": _store_id,
    "store_name": _store_name,
    "consent": _consent,
}
