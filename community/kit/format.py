"""How dates, numbers, money, phones and names are written, in the language of the moment.

Every time is printed with its zone, in the zone of the place it belongs to; a minus is U+2212; ranges take an en dash;
no space follows "Rp". Not made with Babel, which puts a no-break space after "Rp" and changes words between releases.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from zoneinfo import ZoneInfo

import phonenumbers

from community.kit.i18n import gettext as _
from community.kit.i18n import locale, ngettext

MINUS = "\u2212"
DAYS = {
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS = {
    "id": (
        *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
        *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
ZONE_LABELS = {
    "Asia/Jakarta": "WIB",
    "Asia/Pontianak": "WIB",
    "Asia/Makassar": "WITA",
    "Asia/Jayapura": "WIT",
}
MONEY_UNITS = (
    (10**12, "triliun", "trillion"),
    (10**9, "miliar", "billion"),
    (10**6, "juta", "million"),
    (10**3, "ribu", "thousand"),
)
SHORT_MONEY_FROM = 10_000  # below, the full sum is as short
TITLE = re.compile(r"^(?:H|Hj|K\.?H|Dr|Dra|Drs|Ir|Prof)(?:\.\s*|\s+)(?=\S)", re.IGNORECASE)

Zone = str | ZoneInfo


def zone_label(tz: Zone) -> str:
    """WIB, WITA or WIT; another zone by its own name."""
    return ZONE_LABELS.get(str(tz), str(tz))


def local(at: datetime, tz: Zone) -> datetime:
    """`at` on the clocks of `tz`. Raises ValueError when `at` has no offset: such a time could be anywhere."""
    if at.tzinfo is None:
        raise ValueError("a time without an offset cannot be shown")
    return at.astimezone(tz if isinstance(tz, ZoneInfo) else ZoneInfo(tz))


def iso(at: datetime, tz: Zone) -> str:
    """For `<time datetime>`: local time with its offset."""
    return local(at, tz).isoformat(timespec="seconds")


def day_long(day: date) -> str:
    """Sabtu, 28 November 2026."""
    return f"{weekday(day)}, {day.day} {month_name(day)} {day.year}"


def day_short(day: date) -> str:
    """Sab, 28 Nov; in English Sat 28 Nov."""
    comma = "," if _is_indonesian() else ""
    return f"{weekday(day)[:3]}{comma} {day.day} {month_name(day)[:3]}"


def month_long(day: date) -> str:
    """November 2026."""
    return f"{month_name(day)} {day.year}"


def month_short(day: date) -> str:
    """Nov 2026."""
    return f"{month_name(day)[:3]} {day.year}"


def weekday(day: date) -> str:
    return DAYS[locale.get()][day.weekday()]


def month_name(day: date) -> str:
    return MONTHS[locale.get()][day.month - 1]


def date_long(at: datetime, tz: Zone) -> str:
    """The day `at` falls on in `tz`: Sabtu, 28 November 2026."""
    return day_long(local(at, tz).date())


def date_short(at: datetime, tz: Zone) -> str:
    """The day `at` falls on in `tz`: Sab, 28 Nov."""
    return day_short(local(at, tz).date())


def time_short(at: datetime, tz: Zone) -> str:
    """19.00 WIB; never without its zone."""
    return f"{_clock(local(at, tz))} {zone_label(tz)}"


def when_long(at: datetime, tz: Zone) -> str:
    """Sabtu, 28 November 2026 · pukul 19.00 WIB."""
    joint = " · pukul " if _is_indonesian() else ", "
    return f"{date_long(at, tz)}{joint}{time_short(at, tz)}"


def when_short(at: datetime, tz: Zone) -> str:
    """Sab, 28 Nov · 19.00 WIB."""
    joint = " · " if _is_indonesian() else ", "
    return f"{date_short(at, tz)}{joint}{time_short(at, tz)}"


def time_range(starts_at: datetime, ends_at: datetime, tz: Zone) -> str:
    """19.00–21.00 WIB; an end on another day names that day."""
    start, end = local(starts_at, tz), local(ends_at, tz)
    words = f"{_clock(start)}–{_clock(end)} {zone_label(tz)}"
    return words if start.date() == end.date() else f"{words} ({day_short(end.date())})"


def relative_day(day: date, today: date) -> str:
    """besok, 29 November: always with the date, because a kept page ages. The year only where it is another."""
    words = f"{day.day} {month_name(day)}" + (f" {day.year}" if day.year != today.year else "")
    near = {-1: _("kemarin"), 0: _("hari ini"), 1: _("besok"), 2: _("lusa")}
    return f"{near.get((day - today).days, weekday(day))}, {words}"


def duration(minutes: int) -> str:
    """2 jam 15 menit; from two days on in days and hours."""
    if minutes < 0:
        raise ValueError("a duration is not negative")
    hours, rest = divmod(minutes, 60)
    days, hours = divmod(hours, 24) if hours >= 48 else (0, hours)
    parts = [
        (days, ngettext("%(n)s hari", "%(n)s hari", days)),
        (hours, ngettext("%(n)s jam", "%(n)s jam", hours)),
        (0 if days else rest, ngettext("%(n)s menit", "%(n)s menit", rest)),
    ]
    said = [words % {"n": count} for count, words in parts if count]
    return " ".join(said) or ngettext("%(n)s menit", "%(n)s menit", 0) % {"n": 0}


def number(value: float | Decimal, decimals: int | None = None) -> str:
    """1.234,5. Without `decimals`: at most one, and none where it would be 0. Halves go to the even digit."""
    exact = _rounded(value, 1 if decimals is None else decimals)
    if decimals is None and exact == exact.to_integral_value():
        exact = exact.to_integral_value()
    sign = MINUS if exact < 0 else ""
    return sign + _separated(f"{abs(exact):,f}")


def percent(share: float | Decimal, decimals: int | None = None) -> str:
    """A share of 1, as 12,5%."""
    return number(Decimal(str(share)) * 100, decimals) + "%"


def people(count: int) -> str:
    """41 orang."""
    return ngettext("%(n)s orang", "%(n)s orang", count) % {"n": number(count)}


def people_range(low: int, high: int) -> str:
    """28–41 orang; one number where both are the same."""
    if low == high:
        return people(low)
    return ngettext("%(n)s orang", "%(n)s orang", max(high, 2)) % {"n": f"{number(low)}–{number(high)}"}


def rupiah(amount: int) -> str:
    """Rp1.250.000; a debt is −Rp3.000."""
    return (MINUS if amount < 0 else "") + "Rp" + number(abs(amount))


def rupiah_short(amount: int) -> str:
    """Rp1,2 juta, Rp3,4 miliar; the full sum below ten thousand."""
    size = abs(amount)
    if size < SHORT_MONEY_FROM:
        return rupiah(amount)
    # A figure that rounds up to 1.000 of a unit is 1 of the next: Rp999.950 is Rp1 juta.
    factor, indonesian, english = next(
        unit for unit in MONEY_UNITS if _rounded(Decimal(size) * 1000 / unit[0], 1) >= 1000
    )
    sign = MINUS if amount < 0 else ""
    return f"{sign}Rp{number(Decimal(size) / factor)} {indonesian if _is_indonesian() else english}"


def phone_full(e164: str) -> str:
    """+6281234567890 as 0812-3456-7890; for those who may see it."""
    if e164.startswith("+628"):
        digits = "0" + e164.removeprefix("+62")
        return "-".join(part for part in (digits[:4], digits[4:8], digits[8:]) if part)
    parsed = phonenumbers.parse(e164)
    if parsed.country_code == 62:  # a land line: area code, then the number
        national = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
        return re.sub(r"\D+", "-", national).strip("-")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def phone_tail(e164: str) -> str:
    """…890: enough to tell two people of one name apart."""
    return f"…{e164[-3:]}"


def sort_name(name: str) -> str:
    """What a name is sorted by: without H. Hj. Dr. Ir. Drs. and the like, in small letters."""
    bare = " ".join(name.split())
    while (shorter := TITLE.sub("", bare)) != bare:
        bare = shorter
    return bare.casefold()


def _is_indonesian() -> bool:
    return locale.get() == "id"


def _clock(at: datetime) -> str:
    return f"{at:%H.%M}" if _is_indonesian() else f"{at:%H:%M}"


def _rounded(value: float | Decimal, decimals: int) -> Decimal:
    if not math.isfinite(value):
        raise ValueError("only a finite number can be shown")
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    return exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_EVEN)


def _separated(text: str) -> str:
    return text.translate(str.maketrans(",.", ".,")) if _is_indonesian() else text
