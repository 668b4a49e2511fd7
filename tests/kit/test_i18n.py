from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from community.kit import catalogue, i18n
from community.kit.i18n import gettext, ngettext, use_locale


def test_indonesian_is_said_unless_another_language_was_chosen() -> None:
    assert gettext("besok") == "besok"
    with use_locale("en"):
        assert gettext("besok") == "tomorrow"
    assert gettext("besok") == "besok"


def test_an_unknown_language_means_indonesian() -> None:
    with use_locale("fr"):
        assert i18n.locale.get() == "id"


def test_an_empty_text_is_not_the_catalogues_header() -> None:
    with use_locale("en"):
        assert gettext("") == ""


@pytest.mark.parametrize(("count", "words"), [(0, "people"), (1, "person"), (2, "people")])
def test_english_has_a_plural(count: int, words: str) -> None:
    with use_locale("en"):
        assert ngettext("%(n)s orang", "%(n)s orang", count) == f"%(n)s {words}"


@pytest.fixture
def locale_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(i18n, "LOCALE_DIR", tmp_path)
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    i18n.translations.cache_clear()
    yield folder
    i18n.translations.cache_clear()


def write_english(folder: Path, english: str) -> None:
    (folder / "messages.po").write_text(f'{catalogue.HEADER}msgid "besok"\nmsgstr "{english}"\n', "utf-8")


def test_a_missing_compiled_catalogue_is_made(locale_dir: Path) -> None:
    write_english(locale_dir, "tomorrow")

    assert i18n.translations("en").gettext("besok") == "tomorrow"
    assert (locale_dir / "messages.mo").exists()


def test_a_stale_compiled_catalogue_is_made_again(locale_dir: Path) -> None:
    write_english(locale_dir, "tomorrow")
    i18n.translations("en")
    i18n.translations.cache_clear()
    write_english(locale_dir, "the next day")
    os.utime(locale_dir / "messages.mo", (0, 0))

    assert i18n.translations("en").gettext("besok") == "the next day"


def test_a_compiled_catalogue_alone_is_enough(locale_dir: Path) -> None:
    write_english(locale_dir, "tomorrow")
    i18n.translations("en")
    i18n.translations.cache_clear()
    (locale_dir / "messages.po").unlink()

    assert i18n.translations("en").gettext("besok") == "tomorrow"


def make_catalogue(**texts: str) -> Catalog:
    made = Catalog(locale="en")
    for text, english in texts.items():
        made.add(text, english)
    return made


def english_of(found: Catalog, text: str) -> object:
    message = found.get(text)
    return message.string if message else None


def said(*texts: str | tuple[str, str], file: str = "community/x.py") -> Catalog:
    made = Catalog(locale="en")
    for text in texts:
        made.add(text, locations=[(file, 7)])
    return made


def test_a_text_without_english_is_a_fault_with_its_place() -> None:
    assert list(catalogue.find_faults(said("besok"), Catalog(locale="en"))) == [
        "community/x.py:7 no English for 'besok'"
    ]


def test_a_fuzzy_text_is_a_fault() -> None:
    english = Catalog(locale="en")
    english.add("besok", "tomorrow", flags=["fuzzy"])

    assert "fuzzy" in next(catalogue.find_faults(said("besok"), english))


@pytest.mark.parametrize("english", ["See all", "See all (%(number)s)", "See all (%(count)s) of %(total)s"])
def test_other_placeholders_are_a_fault(english: str) -> None:
    found = catalogue.find_faults(
        said("Lihat semua (%(count)s)"), make_catalogue(**{"Lihat semua (%(count)s)": english})
    )

    assert "placeholders" in next(found)


def test_a_half_plural_is_a_fault() -> None:
    english = Catalog(locale="en")
    english.add(("%(n)s jam", "%(n)s jam"), ("%(n)s hour", ""))

    assert "no English" in next(catalogue.find_faults(said(("%(n)s jam", "%(n)s jam")), english))


def test_a_lone_percent_sign_in_a_template_is_a_fault() -> None:
    english = make_catalogue(**{"82% hadir": "82% attended"})

    assert "lone percent" in next(catalogue.find_faults(said("82% hadir", file="templates/x.html"), english))
    assert list(catalogue.find_faults(said("82% hadir"), english)) == []


def test_merging_keeps_the_first_english_drops_the_unsaid_and_names_disputes() -> None:
    merged, disputes = catalogue.merge(
        said("besok", "lusa"),
        [make_catalogue(besok="tomorrow", lama="old"), make_catalogue(besok="morrow", lusa="in two days")],
    )

    assert english_of(merged, "besok") == "tomorrow"
    assert english_of(merged, "lusa") == "in two days"
    assert merged.get("lama") is None
    assert len(disputes) == 1


def test_texts_are_found_in_code_and_templates(tmp_path: Path) -> None:
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "x.py").write_text('_("satu")\nN_("dua")\nngettext("tiga", "banyak", 3)\n')
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "x.html").write_text('{{ _("empat") }} {{ ngettext("lima", "banyak lima", 5) }}')

    found = {message.id for message in catalogue.extract(tmp_path / "code", tmp_path / "pages") if message.id}

    assert found == {"satu", "dua", ("tiga", "banyak"), "empat", ("lima", "banyak lima")}


def test_a_written_catalogue_reads_back(tmp_path: Path) -> None:
    catalogue.write(make_catalogue(besok="tomorrow"), tmp_path / "messages.po")

    assert english_of(catalogue.read(tmp_path / "messages.po"), "besok") == "tomorrow"
