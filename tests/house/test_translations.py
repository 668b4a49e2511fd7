"""The English catalogue says everything the Indonesian source says."""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog

from tests.house.translations import (
    find_changed_placeholders,
    find_left_over,
    find_missing,
    read_catalogue,
    source_texts,
)


def test_every_text_has_its_english() -> None:
    missing = find_missing(source_texts(), read_catalogue())

    assert [(message.id, message.locations[:1]) for message in missing] == []


def test_no_translation_is_left_over() -> None:
    assert find_left_over(source_texts(), read_catalogue()) == []


def test_every_translation_keeps_its_placeholders() -> None:
    assert find_changed_placeholders(read_catalogue()) == []


def test_texts_of_code_pages_and_messages_are_found(tmp_path: Path) -> None:
    for name, text in {
        "community/events/service.py": 'x = _("Satu")\ny = ngettext("%(n)s kursi", "%(n)s kursi.", n)\nz = N_("Dua")\n',
        "templates/events/show.html": "<p>{{ _('Tiga') }}{% trans trimmed %}\n  Empat\n  lima\n{% endtrans %}</p>",
        "templates/messages/events/rsvp/subject.txt": "{{ _('Enam') }}",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    found = {message.id for message in source_texts(tmp_path) if message.id}

    assert found == {"Satu", ("%(n)s kursi", "%(n)s kursi."), "Dua", "Tiga", "Empat lima", "Enam"}


def catalogue(**texts: str) -> Catalog:
    made = Catalog(locale="en")
    for text, english in texts.items():
        made.add(text.replace("_", " "), english)
    return made


def test_a_missing_an_empty_and_a_fuzzy_translation_are_seen() -> None:
    english = catalogue(Simpan="Save", Batal="")
    english.add("Urungkan", "Undo", flags=["fuzzy"])

    missing = find_missing(catalogue(Simpan="", Batal="", Urungkan="", Kembali=""), english)

    assert [message.id for message in missing] == ["Batal", "Urungkan", "Kembali"]


def test_a_left_over_translation_is_seen() -> None:
    assert find_left_over(catalogue(Simpan=""), catalogue(Simpan="Save", Lama="Old")) == ["Lama"]


def test_a_lost_or_misspelt_placeholder_is_seen() -> None:
    english = Catalog(locale="en")
    english.add("Halo %(name)s", "Hello %(nama)s")
    english.add("%(count)s kursi", "seats")
    english.add("Masuk, %(name)s", "Welcome, %(name)s")

    assert find_changed_placeholders(english) == ["Halo %(name)s", "%(count)s kursi"]
