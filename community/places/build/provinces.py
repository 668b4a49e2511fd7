"""What belongs to a province as a whole: how many districts, which clocks, which island group."""

from __future__ import annotations

import pycountry

_DISTRICTS = (
    "11:23 12:33 13:19 14:12 15:11 16:17 17:10 18:15 19:7 21:7 31:6 32:27 33:35 34:5 35:38 36:8 51:9 52:10 53:22 61:14 "
    "62:14 63:13 64:10 65:5 71:15 72:13 73:24 74:17 75:6 76:6 81:11 82:10 91:9 92:7 93:4 94:8 95:8 96:6"
)
DISTRICTS = {code: int(count) for code, _, count in (pair.partition(":") for pair in _DISTRICTS.split())}
"""Kabupaten and kota per province: Kepmendagri 300.2.2-2430/2025."""

ZONES = {
    "Asia/Jakarta": "11 12 13 14 15 16 17 18 19 21 31 32 33 34 35 36",
    "Asia/Pontianak": "61 62",
    "Asia/Makassar": "51 52 53 63 64 65 71 72 73 74 75 76",
    "Asia/Jayapura": "81 82 91 92 93 94 95 96",
}
"""Presidential decree 41/1987 by province: WIB, WIB, WITA, WIT. None has daylight saving."""
ZONE_OF = {code: zone for zone, codes in ZONES.items() for code in codes.split()}

ISO = (
    "11:AC 12:SU 13:SB 14:RI 15:JA 16:SS 17:BE 18:LA 19:BB 21:KR 31:JK 32:JB 33:JT 34:YO 35:JI 36:BT 51:BA 52:NB "
    "53:NT 61:KB 62:KT 63:KS 64:KI 65:KU 71:SA 72:ST 73:SN 74:SG 75:GO 76:SR 81:MA 82:MU 91:PA 92:PB 93:PS 94:PT "
    "95:PE 96:PD"
)
"""Ministry code : ISO 3166-2 without "ID-". An own table, because the names on the ISO side are old or misspelt."""
ISO_OF = dict(pair.split(":") for pair in ISO.split())


def island_group(code: str) -> str:
    """The geographical unit ISO 3166-2 puts the province in: SM JW NU KA SL ML PP."""
    parent = pycountry.subdivisions.get(code=f"ID-{ISO_OF[code]}").parent_code  # type: ignore[no-untyped-call]
    return str(parent).removeprefix("ID-")
