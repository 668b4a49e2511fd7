"""Is the name written now the name known for this contact? Families share a phone, so the name decides."""

from __future__ import annotations

import re
import unicodedata

from rapidfuzz import fuzz

ALIKE = 90
GUESTS_PER_CONTACT = 3
_TITLES = re.compile(r"\b(?:k\.?h|hj?|dra?|drs|ir|prof|bapak|bpk|pak|ibu|bu|mas|mbak|kak)\b\.?\s*")
_SHORT_FORMS = re.compile(r"\b(?:muh|moch|moh|mohamad|mohammad|muhamad|mochamad|mochammad|m)\b\.?")


def are_alike(one: str, other: str) -> bool:
    return fuzz.token_sort_ratio(plain_name(one), plain_name(other)) >= ALIKE


def plain_name(name: str) -> str:
    """Small letters, without titles and marks; the ways to write Muhammad as one."""
    text = unicodedata.normalize("NFKC", name).casefold()
    text = _SHORT_FORMS.sub("muhammad ", _TITLES.sub("", text))
    return " ".join(re.sub(r"[^\w\s]", " ", text).split()) or name.casefold().strip()
