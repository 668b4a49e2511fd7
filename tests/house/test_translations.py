"""The English catalogue says everything the Indonesian source says, and nothing else."""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog

from community.kit.catalogue import ENGLISH, extract, find_faults, read


def test_every_text_has_its_english_with_the_same_placeholders() -> None:
    assert list(find_faults(extract(), read(ENGLISH))) == []


def test_no_translation_is_left_over() -> None:
    said, english = extract(), read(ENGLISH)

    assert [message.id for message in english if message.id and said.get(message.id) is None] == []


def test_texts_of_code_pages_and_messages_are_found(tmp_path: Path) -> None:
    for name, text in {
        "community/events/service.py": 'x = _("Satu")\ny = ngettext("%(n)s kursi", "%(n)s kursi.", n)\nz = N_("Dua")\n',
        "templates/events/show.html": "<p>{{ _('Tiga') }}{% trans trimmed %}\n  Empat\n  lima\n{% endtrans %}</p>",
        "templates/messages/events/rsvp/subject.txt": "{{ _('Enam') }}",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    found = {message.id for message in extract(tmp_path / "community", tmp_path / "templates") if message.id}

    assert found == {"Satu", ("%(n)s kursi", "%(n)s kursi."), "Dua", "Tiga", "Empat lima", "Enam"}


def test_a_missing_an_empty_a_fuzzy_and_a_broken_translation_are_seen() -> None:
    said, english = Catalog(locale="en"), Catalog(locale="en")
    for text in ("Simpan", "Batal", "Urungkan", "Kembali", "Halo, %(name)s"):
        said.add(text, locations=[("community/events/web.py", 1)])
    english.add("Simpan", "Save")
    english.add("Batal", "")
    english.add("Urungkan", "Undo", flags=["fuzzy"])
    english.add("Halo, %(name)s", "Hello, %(nama)s")

    faults = list(find_faults(said, english))

    assert [fault.split("'")[1] for fault in faults] == ["Batal", "Urungkan", "Kembali", "Halo, %(name)s"]
