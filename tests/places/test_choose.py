"""The place field as it stands in a form, without a script."""

from __future__ import annotations

from html.parser import HTMLParser

from community.kit.templates import environment
from community.places import service
from community.places.rules import Choice

FIELD = 'places.place(form, choice, "Wilayah", name=name, optional=optional)'
SOURCE = f'{{% import "places/_choose.html" as places %}}{{{{ {FIELD} }}}}'


class NoFaults:
    def error(self, name: str) -> str | None:
        return None


class Faulty:
    def error(self, name: str) -> str | None:
        return "Pilih tempat yang Anda maksud." if name == "region_text" else None


class Controls(HTMLParser):
    """Controls by name, with their attributes, in order; labels and ids."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.controls: list[tuple[str, dict[str, str | None]]] = []
        self.ids: list[str] = []
        self.pointed: list[str] = []
        self.tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append(tag)
        if found.get("id"):
            self.ids.append(str(found["id"]))
        for pointing in ("for", "aria-describedby"):
            self.pointed += (found.get(pointing) or "").split()
        if tag in ("input", "select", "option"):
            self.controls.append((str(found.get("name", "")), found))

    def named(self, name: str) -> list[dict[str, str | None]]:
        return [attrs for found, attrs in self.controls if found == name]


def render(choice: Choice, form: object | None = None, name: str = "region", *, optional: bool = False) -> str:
    template = environment().from_string(SOURCE)
    return template.render(form=form or NoFaults(), choice=choice, name=name, optional=optional)


def controls(choice: Choice, form: object | None = None, name: str = "region") -> Controls:
    return Controls(render(choice, form, name))


def test_an_empty_field_has_its_four_parts_and_all_provinces():
    field = controls(service.choose())

    assert [len(field.named(f"region_{part}")) for part in ("text", "seen", "code", "province")] == [1, 1, 1, 1]
    assert sum(1 for _, attrs in field.controls if len(attrs.get("value") or "") == 2) == 38


def test_a_homonym_is_offered_as_radios_with_kind_and_province():
    choice = service.choose(text="Kediri")
    text = render(choice)
    field = Controls(text)

    assert [attrs["value"] for attrs in field.named("region_code")][:2] == ["35.71", "35.06"]
    assert not any("checked" in attrs for attrs in field.named("region_code"))
    assert "Kota Kediri, Jawa Timur" in text
    assert "legend" in field.tags


def test_what_is_sent_back_with_a_radio_settles_the_place():
    field = controls(service.choose(text="Kediri"))
    sent = {part: field.named(f"region_{part}")[0]["value"] or "" for part in ("text", "seen")}

    assert service.choose(sent["text"], "35.06", "", sent["seen"]).region == service.show("35.06")


def test_a_province_opens_its_list():
    text = render(service.choose(province="34"))

    assert "<details" in text
    assert " open" in text
    assert "Kota Yogyakarta" in text


def test_a_settled_place_shows_its_label_and_carries_its_code():
    field = controls(service.choose(code="35.71"))

    assert field.named("region_text")[0]["value"] == "Kota Kediri, Jawa Timur"
    assert field.named("region_code")[0]["value"] == "35.71"


def test_a_fault_stands_at_the_field_and_the_field_points_at_it():
    field = controls(service.choose(text="Kediri"), Faulty())

    assert field.named("region_text")[0]["aria-invalid"] == "true"
    assert "e-region_text" in field.ids


def test_every_id_is_there_once_and_every_pointer_leads_somewhere():
    for choice in (service.choose(), service.choose(text="Kediri"), service.choose(province="34")):
        field = controls(choice, Faulty())

        assert len(field.ids) == len(set(field.ids))
        assert set(field.pointed) <= set(field.ids)


def test_two_fields_on_one_page_do_not_share_names_or_ids():
    home, away = controls(service.choose(), name="home"), controls(service.choose(), name="away")

    assert not set(home.ids) & set(away.ids)
    assert {name for name, _ in home.controls if name} & {name for name, _ in away.controls if name} == set()


def test_what_was_typed_is_escaped():
    text = render(service.choose(text='"><script>alert(1)</script>'))

    assert "<script>" not in text


def test_optional_fields_say_so():
    assert "(opsional)" in render(service.choose(), optional=True)
    assert "(opsional)" not in render(service.choose())
