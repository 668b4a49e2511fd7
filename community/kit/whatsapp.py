"""Texts for WhatsApp as links a person opens and sends: nothing leaves from here by itself.

`https://wa.me/628…?text=…` opens a draft to one number, `https://wa.me/?text=…` lets the sender choose.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

MESSAGE_MOST, SHARE_MOST = 1_000, 400
ELLIPSIS = "…"
# WhatsApp knows no escape sign: look-alikes keep `*`, `_`, `~` and the backtick of a title from turning text bold.
_LOOK_ALIKES = str.maketrans({"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ"})
_PHONE = re.compile(r"\+[1-9]\d{7,14}")
_BIDI = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def escape(text: object) -> str:
    """A name or a title for the middle of a message: one line, no formatting signs, no direction overrides."""
    return " ".join(clean(str(text)).split()).translate(_LOOK_ALIKES)


def clean(text: str) -> str:
    """Line breaks as LF; no control characters, direction marks or half characters."""
    plain = re.sub(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]", "\n", text)
    return "".join(sign for sign in plain if sign == "\n" or not _is_hidden(sign))


def _is_hidden(sign: str) -> bool:
    return unicodedata.category(sign) in {"Cc", "Cs"} or sign in _BIDI


def fit(text: str, most: int = MESSAGE_MOST) -> str:
    """`text` in at most `most` characters; an address in the last line stays whole.

    Raises ValueError where the address alone is longer.
    """
    body, address = _without_address(clean(text).strip())
    if not address:
        return _cut(body, most)
    if len(address) > most:
        raise ValueError("the address alone is too long for a message")
    room = most - len(address) - 1
    return f"{_cut(body, room)}\n{address}" if body and room > 0 else address


def share_text(text: str, url: str, most: int = SHARE_MOST) -> str:
    """What a chapter posts in its group: `text`, then the address in the last line. No names of people in it."""
    return fit(f"{text.rstrip()}\n{url}", most)


def share_link(text: str, url: str = "") -> str:
    """Opens WhatsApp with a draft; the sender picks the chat."""
    return f"https://wa.me/?text={_encoded(text, url)}"


def chat_link(phone: str, text: str, url: str = "") -> str:
    """Opens a draft to `phone` (E.164). Raises ValueError for anything else than a number."""
    if not _PHONE.fullmatch(phone):
        raise ValueError("a phone number with + and country code is needed")
    return f"https://wa.me/{phone[1:]}?text={_encoded(text, url)}"


def _encoded(text: str, url: str) -> str:
    message = fit(f"{text.rstrip()}\n{url}" if url else text)
    return quote(message, safe="")  # a space as %20, a line break as %0A: `+` would be shown as a plus


def _without_address(text: str) -> tuple[str, str]:
    body, _, last = text.rpartition("\n")
    return (body.rstrip(), last) if re.fullmatch(r"https?://\S+", last) else (text, "")


def _cut(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    at_word = kept.rsplit(maxsplit=1)[0] if len(kept.split()) > 1 else kept
    kept = at_word if len(kept) - len(at_word) <= 30 else kept
    while kept and (unicodedata.combining(kept[-1]) or kept[-1] in "\u200d\ufe0f" or kept[-1].isspace()):
        kept = kept[:-1]
    return kept + ELLIPSIS
