"""What the /design page shows: every component with its states, on invented values."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from community.kit import charts
from community.kit.errors import FieldError
from community.kit.forms import Again, FormView
from community.kit.i18n import gettext as _

OPENING = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
ZONE = "Asia/Jakarta"


def gallery_context() -> dict[str, Any]:
    return {
        "opening": OPENING,
        "closing": OPENING + timedelta(hours=2),
        "zone": ZONE,
        "plain": FormView({"slot": OPENING.isoformat(), "seats": 40}),
        "wrong": _wrong_form(),
        "months": charts.bars(_months(), smallest=0),
        "members": charts.line(_members(), smallest=5),
        "few": charts.line(_members()[:4], smallest=5),
        "way": charts.steps(_way(), smallest=5),
        "network": charts.dot_map(_ground(), _chapters()),
    }


def _wrong_form() -> FormView:
    errors = [
        FieldError("/wrong_seats", "not_a_number", _("Tulis kapasitas dengan angka, misalnya 40")),
        FieldError("/wrong_place", "missing", _("Pilih tempat kopdar")),
        FieldError("/wrong_day", "past", _("Pilih hari yang belum lewat")),
        FieldError("/wrong_consent", "missing", _("Beri tanda setuju agar kami boleh menyimpan nomor Anda")),
    ]
    typed: dict[str, str | list[str]] = {
        "wrong_seats": "empat puluh",
        "wrong_day": "other",
        "wrong_day_date": "2026-02-01",
    }
    return FormView(again=Again("/design", typed, errors, 400, _("Ada isian yang perlu diperbaiki.")))


def _months() -> list[charts.Point]:
    names = (
        *(_("Des"), _("Jan"), _("Feb"), _("Mar"), _("Apr"), _("Mei")),
        *(_("Jun"), _("Jul"), _("Agu"), _("Sep"), _("Okt"), _("Nov")),
    )
    counts = (52, 58, 61, 34, 66, 71, 69, 74, 70, 78, 81, 43)
    return [charts.Point(name, n, hollow=name is names[-1]) for name, n in zip(names, counts, strict=True)]


def _members() -> list[charts.Point]:
    counts: tuple[float | None, ...] = (3, 12, 19, None, 24, 31, 30, 38, 41)
    return [
        charts.Point(str(2018 + i), n, low=None if n is None else n * 0.8, high=None if n is None else n * 1.2)
        for i, n in enumerate(counts)
    ]


def _way() -> list[charts.Step]:
    words = (_("diundang"), _("daftar"), _("hadir"), _("kembali"))
    return [charts.Step(name, n) for name, n in zip(words, (120, 52, 41, 3), strict=True)]


def _ground() -> list[tuple[float, float]]:
    """A lattice in place of the regions, which this floor does not know."""
    rows = ((5, 95, 99), (2, 97, 103), (-1, 100, 118), (-3, 102, 140), (-7, 106, 115), (-8.5, 112, 124), (-4, 133, 141))
    return [(lat + 0.3 * (i % 3), west + i * 0.9) for lat, west, east in rows for i in range(int((east - west) / 0.9))]


def _chapters() -> list[charts.Place]:
    spots = ((-6.2, 106.8), (-7.25, 112.7), (-6.9, 107.6), (3.6, 98.7), (-5.1, 119.4), (-8.6, 116.1), (-2.5, 140.7))
    states = itertools.chain(("active",) * 5, ("resting", "request"))
    return [
        charts.Place(f"{lat} {lon}", lat, lon, state, 400 // (i + 1))
        for i, ((lat, lon), state) in enumerate(zip(spots, states, strict=True))
    ]
