"""From what was typed to a struct, every fault named at once; and back to a form that shows what was typed.

A form is a frozen msgspec struct that forbids unknown fields, its fields annotated by `kit.inputs`. It may offer
`problems()`, a list of FieldError for rules over several fields.
"""

from __future__ import annotations

import re
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, get_args, get_origin
from uuid import uuid4

import msgspec
from msgspec.structs import FieldInfo

from community.kit.errors import FieldError, InvalidInput
from community.kit.i18n import gettext as _
from community.kit.inputs import clean_text
from community.kit.phones import looks_like_phone, parse_phone

Form = TypeVar("Form", bound=msgspec.Struct)
Typed = Mapping[str, str | list[str]]

OURS = frozenset({"_csrf", "_key", "_stamp", "_form", "_hp"})  # hidden fields every form may carry
EMAIL = re.compile(r"^[^@\s,;:<>()\[\]\\\"]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9-]+)+$")
WEB_ADDRESS = re.compile(r"^https?://[^\s/?#@\"<>]+\.[^\s\"<>]*$")
ON = frozenset({"on", "1", "true", "yes", "ya"})


class Refused(Exception):
    """Why one value was refused: a stable code. Never leaves this module."""


def bind(form: type[Form], values: Mapping[str, Any], *, strict: bool = False) -> Form:
    """Make the struct, or raise InvalidInput with every fault. `strict` is for JSON, where 3 and "3" differ."""
    errors: list[FieldError] = []
    ready: dict[str, Any] = {}
    fields = {info.encode_name: info for info in msgspec.structs.fields(form)}
    for name in values:
        if name not in fields and name not in OURS:
            errors.append(FieldError(f"/{name[:60]}", "unknown_field", _("Isian ini tidak dikenal.")))
    for name, info in fields.items():
        try:
            given, value = _take(info, values, strict)
            if given:
                ready[info.name] = value
        except Refused as refused:
            errors.append(_field_error(info, str(refused), values.get(name)))
    if not errors:
        made = form(**ready)
        errors = list(getattr(made, "problems", list)())
        if not errors:
            return made
    raise InvalidInput(errors)


def _take(info: FieldInfo, values: Mapping[str, Any], strict: bool) -> tuple[bool, Any]:
    """(given?, value). A missing or empty field falls back to its default, or is refused as required."""
    kind, meta, optional = _unwrap(info.type)
    is_list = get_origin(kind) in {list, tuple, frozenset}
    raw = values.get(info.encode_name)
    if not strict and is_list:
        raw = [] if raw is None else [item for item in (raw if isinstance(raw, list) else [raw]) if item != ""]
    elif not strict:
        raw = raw[-1] if isinstance(raw, list) else raw
        if kind is bool:
            return True, str(raw or "").lower() in ON
    if raw is None or (isinstance(raw, str) and not raw.strip() and not (strict and not _least(meta))):
        if optional and strict and info.encode_name in values:
            return True, None  # JSON's null is said, not left out
        if optional:
            return (info.encode_name in values or not info.required), (None if info.required else _default(info))
        if not info.required:
            return True, _default(info)
        raise Refused("required")
    return True, _convert(raw, info.type, meta, strict)


def _convert(raw: Any, annotation: Any, meta: msgspec.Meta | None, strict: bool) -> Any:
    cleaned = _clean(raw, meta)
    kind, _same, _optional = _unwrap(annotation)
    if isinstance(cleaned, str) and kind is not str and re.fullmatch(r"\d{1,2}[:.]\d{2}", cleaned):
        cleaned = cleaned.replace(".", ":").zfill(5) + ":00"  # a time as people and browsers write it
    try:
        target = typing.Annotated[kind, meta] if meta else kind
        return msgspec.convert(cleaned, target, strict=strict and not isinstance(cleaned, str))
    except msgspec.ValidationError as fault:
        raise Refused(_code_of(str(fault), kind)) from fault
    except (OverflowError, ValueError) as fault:
        raise Refused("not_valid") from fault


def _clean(raw: Any, meta: msgspec.Meta | None) -> Any:
    extra = (meta.extra or {}) if meta else {}
    if isinstance(raw, list):
        return [_clean(item, meta) for item in raw]
    if not isinstance(raw, str) or extra.get("kind") == "secret":
        if isinstance(raw, str) and ("\0" in raw or any("\ud800" <= c <= "\udfff" for c in raw)):
            raise Refused("bad_text")
        return raw
    try:
        cleaned = clean_text(raw, lines=bool(extra.get("lines")))
    except ValueError:
        raise Refused("bad_text") from None
    return SPECIAL[extra["kind"]](cleaned) if extra.get("kind") in SPECIAL else cleaned


def _phone(value: str) -> str:
    try:
        return parse_phone(value)
    except ValueError:
        raise Refused("not_phone") from None


def _email(value: str) -> str:
    if len(value) > 254 or not EMAIL.fullmatch(value):
        raise Refused("not_email")
    local, _at, domain = value.rpartition("@")
    return f"{local}@{domain.lower()}"


def _contact(value: str) -> str:
    if "@" in value:
        return _email(value)
    if not looks_like_phone(value):
        raise Refused("not_contact")
    return _phone(value)


def _web_address(value: str) -> str:
    if not WEB_ADDRESS.fullmatch(value):
        raise Refused("not_url")
    return value


SPECIAL = {"phone": _phone, "email": _email, "contact": _contact, "url": _web_address}


def _unwrap(annotation: Any) -> tuple[Any, msgspec.Meta | None, bool]:
    """(type, Meta, may be None) of an annotation such as `Annotated[str, text(…)] | None`."""
    meta: msgspec.Meta | None = None
    optional = False
    while True:
        if get_origin(annotation) is typing.Annotated:
            meta = meta or next((part for part in get_args(annotation)[1:] if isinstance(part, msgspec.Meta)), None)
            annotation = get_args(annotation)[0]
        elif type(None) in get_args(annotation):
            optional = True
            rest = [part for part in get_args(annotation) if part is not type(None)]
            if len(rest) != 1:
                return annotation, meta, True
            annotation = rest[0]
        else:
            return annotation, meta, optional


def _least(meta: msgspec.Meta | None) -> int:
    return (meta.min_length or 0) if meta else 0


def _default(info: FieldInfo) -> Any:
    if info.default_factory is not msgspec.NODEFAULT:
        return typing.cast(Any, info.default_factory)()
    return info.default


def _code_of(fault: str, kind: Any) -> str:
    """A stable code from msgspec's words, which are part of its documented behaviour."""
    for words, code in (
        ("length <=", "too_long"),
        ("length >=", "too_short"),
        ("int` >=", "out_of_range"),
        ("int` <=", "out_of_range"),
        ("float` >=", "out_of_range"),
        ("float` <=", "out_of_range"),
        ("enum value", "not_choice"),
        ("matching regex", "not_valid"),
        ("Expected `int`", "not_number"),
        ("Expected `float`", "not_number"),
    ):
        if words in fault:
            return code
    return {"date": "not_date", "time": "not_time", "datetime": "not_instant"}.get(
        getattr(kind, "__name__", ""), "not_valid"
    )


def _field_error(info: FieldInfo, code: str, raw: Any) -> FieldError:
    _kind, meta, _optional = _unwrap(info.type)
    label = _(meta.title) if meta and meta.title else info.encode_name
    example = str((meta.extra or {}).get("example", "")) if meta else ""
    words = _words(code) % {
        "label": label,
        "name": label[:1].lower() + label[1:],
        "example": example,
        "least": _least(meta),
        "most": meta.max_length if meta else "",
        "count": len(raw) if isinstance(raw, str) else "",
        "low": meta.ge if meta else "",
        "high": meta.le if meta else "",
    }
    return FieldError(f"/{info.encode_name}", code, words)


def _words(code: str) -> str:
    return {
        "required": _("Isi %(name)s."),
        "too_short": _("%(label)s paling sedikit %(least)s huruf."),
        "too_long": _("%(label)s paling banyak %(most)s huruf; sekarang %(count)s."),
        "not_number": _("Tulis %(name)s dengan angka, misalnya %(example)s."),
        "out_of_range": _("%(label)s harus antara %(low)s dan %(high)s."),
        "not_choice": _("Pilih salah satu untuk %(name)s."),
        "not_date": _("Tulis %(name)s sebagai tanggal, misalnya 2026-11-28."),
        "not_time": _("Tulis %(name)s sebagai jam, misalnya 19.00."),
        "not_instant": _("Tulis %(name)s dengan tanggal, jam, dan selisih zona, misalnya 2026-11-28T19:00:00+07:00."),
        "not_phone": _("Tulis nomor ponsel Indonesia, misalnya 0812-3456-7890."),
        "not_email": _("Tulis alamat e-mail lengkap, misalnya nama@contoh.id."),
        "not_contact": _("Tulis nomor WhatsApp atau alamat e-mail, misalnya 0812-3456-7890."),
        "not_url": _("Tulis alamat web lengkap, dimulai dengan https://."),
        "bad_text": _("%(label)s memuat tanda yang tidak bisa disimpan. Ketik ulang tanpa tanda itu."),
    }.get(code, _("Periksa %(name)s."))


@dataclass(frozen=True)
class Again:
    """A refused form on its way back to the person: what was typed, what is wrong, and in which words."""

    action: str
    typed: Typed
    errors: list[FieldError]
    status: int
    words: str
    current: dict[str, Any] | None = None


@dataclass
class FormView:
    """What a template needs of a form. Values come from the refused attempt if there was one, else from `initial`."""

    initial: Mapping[str, Any] = field(default_factory=dict)
    again: Again | None = None
    key: str = field(default_factory=lambda: str(uuid4()))
    version: int | None = None

    @property
    def errors(self) -> list[FieldError]:
        return self.again.errors if self.again else []

    @property
    def problem(self) -> str:
        """One sentence above the form, for refusals that belong to no field."""
        return self.again.words if self.again else ""

    def error(self, name: str) -> str | None:
        return next((error.detail for error in self.errors if error.field == name), None)

    def values(self, name: str) -> list[str]:
        if self.again is not None:
            typed = self.again.typed.get(name, [])
            return list(typed) if isinstance(typed, list) else [typed]
        value = self.initial.get(name)
        if value is None or value is False:
            return []
        if isinstance(value, (list, tuple, set, frozenset)):
            return [str(getattr(item, "value", item)) for item in value]
        return ["yes" if value is True else str(getattr(value, "value", value))]

    def value(self, name: str) -> str:
        found = self.values(name)
        return found[-1] if found else ""

    def checked(self, name: str, value: str = "yes") -> bool:
        return value in self.values(name)
