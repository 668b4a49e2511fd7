"""J1: a Ranger's kopdar and the door, at 360 px, with JavaScript and without."""

from __future__ import annotations

from datetime import date, timedelta

import httpx
import pytest

from tests.browser import journey, rules
from tests.browser.conftest import Browse
from tests.browser.journey import Hand, note, sql
from tests.browser.server import Running

BOTH = pytest.mark.parametrize("js", [True, False], ids=["js", "nojs"])
PEOPLE = 30
FIRST_SCREEN_PX = 640


async def count(installed: Running, statement: str, *args: object) -> int:
    return int((await sql(installed, statement, *args))[0][0])


@BOTH
async def test_the_evening_from_the_first_tap_to_the_last(browse: Browse, installed: Running, js: bool) -> None:
    hand = await journey.ranger(await browse(installed.url, js=js))
    name = "J1 js" if js else "J1 nojs"

    code = await create(hand, name)
    await share(hand, installed, code)
    people = journey.people(PEOPLE)
    await journey.answer_many(installed.url, code, people)
    await journey.let_it_begin(installed, code)
    await mark_everybody(hand, code, name, people)
    await write_down_a_guest(hand, name)
    await finish(hand, installed, code, name)

    note(name, whole_kb=round(hand.visit.bytes_ever / 1024, 1))
    assert hand.visit.bytes_ever / 1024 <= 300
    assert hand.visit.problems == []


async def create(hand: Hand, name: str) -> str:
    """J1.1 and J1.2: from the start page to a published kopdar, changing two of the five things it is filled with."""
    button = hand.link("Buat kopdar")
    box = await button.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= FIRST_SCREEN_PX

    hand.rest()
    await hand.go(button)
    assert await rules.count_inputs(hand.page, "form.form") <= 5
    assert "#" in await hand.page.input_value("#f-title")
    assert await hand.page.locator("input[name=when]").count() == 4  # three slots in words, and another date
    assert await hand.page.locator("input[name=place]").count() == 4
    slot = hand.page.locator("label", has=hand.page.locator("input[name=when]")).nth(1)
    assert " · pukul " in await slot.inner_text()
    await hand.tap(slot)
    await hand.type("Kapasitas", "60")
    code = await journey.publish(hand)

    note(name, create_taps=hand.taps, create_keys=hand.keys, create_seconds=hand.seconds)
    assert hand.taps <= 6
    assert hand.keys <= 20
    assert hand.seconds <= 60
    assert "Kopdar Anda sudah terbit." in await hand.words()
    return code


async def share(hand: Hand, installed: Running, code: str) -> None:
    """J1.5: one tap to WhatsApp; link, QR, calendar and print are there."""
    href = await hand.link("Bagikan ke WhatsApp").get_attribute("href")
    text = journey.whatsapp_text(href or "")
    title = (await hand.page.locator("h1").inner_text()).strip()
    assert title in text
    assert f"{installed.url}/events/{code}" in text
    assert await hand.page.locator("svg.qr").is_visible()
    async with httpx.AsyncClient(base_url=installed.url) as client:
        calendar = (await client.get(f"/events/{code}/event.ics")).text
    assert calendar.count("BEGIN:VEVENT") == 1
    await hand.go(hand.link("Cetak poster"))
    await hand.page.emulate_media(media="print")
    assert await hand.page.locator("svg.qr").is_visible()
    assert await hand.page.locator(".button:visible, header:visible, footer:visible").count() == 0
    await hand.page.emulate_media(media="screen")


async def mark_everybody(hand: Hand, code: str, name: str, people: list[tuple[str, str]]) -> None:
    """J1.10, J1.11: by last digits or by name; one check-in is one POST and at most two taps."""
    await hand.visit.open(f"/door/{code}")
    hand.posts.clear()
    most = 0
    for number, (person, phone) in enumerate(people, start=1):
        hand.rest()
        await search(hand, phone[-3:] if number % 2 else person[-9:], js=name == "J1 js")
        row = hand.page.locator("#door-rows > li:visible", has_text=person)
        await hand.go(row.get_by_role("button", name="Tandai hadir"))
        most = max(most, hand.taps)
        assert await hand.page.locator("main [role=status]").first.inner_text() == f"{number}/30 hadir"
    assert len(hand.posts) == PEOPLE
    assert most <= 2
    note(name, check_ins=PEOPLE, taps_each=most, posts_each=len(hand.posts) / PEOPLE)

    await hand.go(hand.button("Urungkan"))
    assert await hand.page.locator("main [role=status]").first.inner_text() == "29/30 hadir"
    await hand.go(hand.button("Tandai hadir"))


async def search(hand: Hand, text: str, *, js: bool) -> None:
    await hand.type("Cari nama", text)
    if js:
        await hand.page.locator("[role=search] [role=status]", has_text="cocok").wait_for(state="attached")
    else:
        async with hand.page.expect_navigation():
            await hand.page.keyboard.press("Enter")


async def write_down_a_guest(hand: Hand, name: str) -> None:
    """J1.13: somebody who never answered, in a few seconds."""
    hand.rest()
    await hand.go(hand.link("+ Tamu baru"))
    assert "Bacakan:" in await hand.words()
    await hand.type("Nama lengkap", "Tamu Contoh")
    await hand.tap(hand.page.locator("label", has=hand.page.locator("#f-consent")))
    await hand.go(hand.button("Tandai hadir"))
    assert "Tamu Contoh hadir" in await hand.words()
    note(name, walk_in_taps=hand.taps, walk_in_keys=hand.keys, walk_in_seconds=hand.seconds)
    assert hand.seconds <= 15


async def finish(hand: Hand, installed: Running, code: str, name: str) -> None:
    """J1.16: from the start page to the figures."""
    await hand.visit.open(f"/door/{code}")
    hand.rest()
    await hand.go(hand.link("Selesai"))
    assert "31 orang" in await hand.words()
    await hand.tap(hand.page.locator("label", has=hand.page.locator("#f-attendance_complete")))
    await hand.go(hand.button("Selesai"))
    note(name, finish_taps=hand.taps)
    assert hand.taps <= 4
    assert "Kopdar selesai" in await hand.words()
    row = (await sql(installed, "select state, attendance_complete from event where code = $1", code))[0]
    assert (row["state"], row["attendance_complete"]) == ("finished", True)


@BOTH
async def test_what_there_is_to_think_of_never_stops_anybody(browse: Browse, installed: Running, js: bool) -> None:
    """J1.3: Friday prayer, and another chapter's kopdar near by at the same time."""
    hand = await journey.ranger(await browse(installed.url, js=js))
    friday = next_friday()
    await sql(
        installed,
        "update event set starts_at = $1::date + time '05:00', ends_at = $1::date + time '07:00', "
        "latitude = -7.8, longitude = 110.4 where id = (select e.id from event e join chapter c on c.id = e.chapter "
        "where e.state = 'published' and c.slug <> $2 and e.starts_at > now() + interval '3 days' limit 1)",
        friday,
        journey.HOME,
    )
    await hand.visit.open(f"/events/new?chapter={journey.HOME}")
    await hand.tap(hand.page.locator("label", has=hand.page.locator("input[name=when][value=other]")))
    await hand.page.fill("#f-when_date", friday.isoformat())
    await hand.page.fill("#f-when_time", "12:00")
    await hand.go(hand.button("Terbitkan kopdar"))

    told = await hand.page.locator(".notice-warn").all_inner_texts()
    assert any("salat Jumat" in words for words in told)
    assert any("hampir bersamaan" in words for words in told)
    faults = await journey.find_faults(hand, "ranger", "think of it first") if js else []
    await hand.go(hand.button("Tetap terbitkan"))

    assert hand.page.url.endswith("/published")
    assert faults == []


def next_friday() -> date:
    soon = date.today() + timedelta(days=20)
    return soon + timedelta(days=(4 - soon.weekday()) % 7)


async def test_a_killed_tab_gives_the_text_back_to_its_writer_alone(browse: Browse, installed: Running) -> None:
    """J1.4."""
    visit = await browse(installed.url)
    await journey.ranger(visit)
    form = f"{installed.url}/events/new?chapter={journey.HOME}"
    first = await visit.page.context.new_page()
    await first.goto(form)
    await first.fill("#f-title", "Belum selesai diketik")
    await first.close()

    await visit.page.goto(form)
    await visit.page.get_by_text("Isian Anda yang belum tersimpan dikembalikan.").wait_for()
    assert await visit.page.input_value("#f-title") == "Belum selesai diketik"
    hand = Hand(visit)
    await journey.publish(hand)
    await visit.page.goto(form)
    await visit.page.wait_for_load_state("networkidle")
    assert await visit.page.get_by_text("Isian Anda yang belum tersimpan dikembalikan.").count() == 0
    assert await visit.page.evaluate("Object.keys(localStorage).filter((k) => k.startsWith('draft:'))") == []

    await visit.page.fill("#f-title", "Rahasia orang pertama")
    await visit.page.goto(installed.url + "/demo")
    await visit.page.locator("form[action$='/demo/sign-in/other_ranger'] button").click()
    await visit.page.goto(installed.url + "/events/new?chapter=bandung")
    await visit.page.wait_for_load_state("networkidle")
    assert "Rahasia" not in await visit.page.input_value("#f-title")
    assert "Rahasia" not in await visit.page.evaluate("JSON.stringify(localStorage)")


@BOTH
async def test_two_taps_on_publish_back_and_reload_make_one_kopdar(
    browse: Browse, installed: Running, js: bool
) -> None:
    """J1.5 and U09."""
    hand = await journey.ranger(await browse(installed.url, js=js))
    title = f"Kopdar ketuk dua kali {js}"
    await hand.visit.open(f"/events/new?chapter={journey.HOME}")
    await hand.type("Judul", title)

    await hand.button("Terbitkan kopdar").dblclick()
    await hand.page.wait_for_url("**/events/*/*")
    await hand.page.wait_for_load_state("networkidle")
    assert await count(installed, "select count(*) from event where title = $1", title) == 1
    await hand.page.reload()
    await hand.page.go_back()

    assert await count(installed, "select count(*) from event where title = $1", title) == 1
    assert "Galat" not in await hand.page.title()


@BOTH
async def test_a_guest_takes_the_last_seat_the_next_one_waits_and_gets_it(
    browse: Browse, installed: Running, js: bool
) -> None:
    """J1.7, with the link by which guests change their mind."""
    host = await journey.ranger(await browse(installed.url))
    code = await journey.new_kopdar(host, f"Kopdar satu kursi {js}", "1")
    first, second = Hand(await browse(installed.url, js=js)), Hand(await browse(installed.url, js=js))

    await journey.answer(first, code, "Tamu Pertama", "0812-5500-1111" if js else "pertama@contoh.example")
    note("J1 js" if js else "J1 nojs", guest_taps=first.taps, guest_keys=first.keys, guest_seconds=first.seconds)
    assert "Anda terdaftar" in await first.words()
    assert first.seconds <= 20
    await journey.answer(second, code, "Tamu Kedua", f"0812-5500-222{int(js)}")
    assert "nomor 1" in await second.words()

    before = await sql(installed, "select * from rsvp_change order by id")
    await first.page.reload()
    assert await sql(installed, "select * from rsvp_change order by id") == before
    await first.go(first.button("Batalkan pendaftaran"))
    assert "Anda tidak jadi datang." in await first.words()
    await second.page.reload()
    assert "Anda terdaftar" in await second.words()
    assert first.visit.problems + second.visit.problems == []


async def test_an_answer_sent_again_by_going_back_is_one_answer(browse: Browse, installed: Running) -> None:
    """U09 for a guest; and what is shared names nobody."""
    host = await journey.ranger(await browse(installed.url))
    code = await journey.new_kopdar(host, "Kopdar bolak-balik")
    guest = Hand(await browse(installed.url, js=False))
    await journey.answer(guest, code, "Tamu Kembali", "0812-5500-3333")
    await guest.page.reload()

    await journey.answer_many(installed.url, code, [("Tamu Kembali", "+62 812 5500 3333")])

    held = "select count(*) from rsvp r join event e on e.id = r.event where e.code = $1"
    assert await count(installed, held, code) == 1
    await guest.visit.open(f"/events/{code}")
    text = journey.whatsapp_text(await guest.link("Bagikan ke WhatsApp").get_attribute("href") or "")
    assert "Tamu Kembali" not in text
    assert "Tamu Kembali" not in await guest.words()


@BOTH
async def test_somebody_marked_on_two_phones_was_here_all_along(browse: Browse, installed: Running, js: bool) -> None:
    """J1.14: the second phone is told, not refused, and the first time stays."""
    one = await journey.ranger(await browse(installed.url, js=js))
    code = await journey.new_kopdar(one, f"Kopdar dua ponsel {js}")
    people = journey.people(2)
    await journey.answer_many(installed.url, code, people)
    await journey.let_it_begin(installed, code)
    two = await journey.ranger(await browse(installed.url, js=js))
    await one.visit.open(f"/door/{code}")
    await two.visit.open(f"/door/{code}")

    await one.go(one.button("Tandai hadir"))
    await two.go(two.button("Tandai hadir"))

    assert f"{people[0][0]} sudah hadir" in await two.words()
    assert "ditandai Rara" in await two.words()
    assert (
        await count(installed, "select count(*) from scan s join event e on e.id = s.event where code = $1", code) == 1
    )


async def test_the_paper_list_prints_every_name_and_nothing_to_press(browse: Browse, installed: Running) -> None:
    """J1.11."""
    hand = await journey.ranger(await browse(installed.url))
    code = await journey.new_kopdar(hand, "Kopdar di kertas")
    people = journey.people(3)
    await journey.answer_many(installed.url, code, people)
    await hand.visit.open(f"/door/{code}")
    await hand.go(hand.link("Daftar untuk dicetak"))
    faults = await journey.find_faults(hand, "door", "paper")

    await hand.page.emulate_media(media="print")

    assert faults == []
    assert (await hand.words()).count("☐") >= 3 + 8
    assert all([person in await hand.words() for person, _phone in people])
    assert await hand.page.locator("a:visible, button:visible").count() == 0


async def test_every_screen_keeps_every_rule_in_every_state(browse: Browse, installed: Running) -> None:
    """U01–U08, U10, U11: empty, refused, full, under way and over."""
    hand = await journey.ranger(await browse(installed.url))
    faults = await journey.find_faults(hand, "ranger", "start page")
    await hand.visit.open(f"/events/new?chapter={journey.HOME}")
    faults += await journey.find_faults(hand, "ranger", "create")
    await hand.page.fill("#f-title", "")
    await hand.page.fill("#f-capacity", "banyak")
    await hand.go(hand.button("Terbitkan kopdar"))
    assert await hand.page.input_value("#f-capacity") == "banyak"
    faults += await journey.find_faults(hand, "ranger", "create, refused", refused=True)

    code = await journey.new_kopdar(hand, "Kopdar semua keadaan", "1")
    faults += await journey.find_faults(hand, "ranger", "published")
    faults += await guest_faults(browse, installed, code)
    await journey.let_it_begin(installed, code)
    faults += await door_faults(hand, code)

    assert not faults, "\n".join(faults)


async def guest_faults(browse: Browse, installed: Running, code: str) -> list[str]:
    guest = Hand(await browse(installed.url))
    await guest.visit.open(f"/events/{code}")
    faults = await journey.find_faults(guest, "public", "public page")
    assert await rules.count_inputs(guest.page, "#rsvp ~ form") <= 3
    await journey.fill_answer(guest, code, "Tamu Contoh", "bukan nomor")
    await guest.go(guest.page.locator("#rsvp ~ form button[type=submit]"))
    assert await guest.page.input_value("#f-contact") == "bukan nomor"
    faults += await journey.find_faults(guest, "public", "public page, refused", refused=True)
    await journey.answer(guest, code, "Tamu Contoh", "0812-5500-4444")
    faults += await journey.find_faults(guest, "public", "own link, going")
    await guest.visit.open(f"/events/{code}")
    faults += await journey.find_faults(guest, "public", "public page, full")
    await journey.answer(guest, code, "Tamu Menunggu", "0812-5500-5555")
    faults += await journey.find_faults(guest, "public", "own link, waiting")
    await guest.go(guest.button("Batalkan pendaftaran"))
    return faults + await journey.find_faults(guest, "public", "own link, cancelled")


async def door_faults(hand: Hand, code: str) -> list[str]:
    await hand.visit.open(f"/door/{code}")
    faults = await journey.find_faults(hand, "door", "door")
    await hand.go(hand.button("Tandai hadir"))
    faults += await journey.find_faults(hand, "door", "door, one marked")
    await hand.visit.open(f"/door/{code}?q=tidak+ada")
    faults += await journey.find_faults(hand, "door", "door, nobody found")
    await hand.visit.open(f"/door/{code}/guest")
    faults += await journey.find_faults(hand, "door", "guest at the door")
    await hand.go(hand.button("Tandai hadir"))
    faults += await journey.find_faults(hand, "door", "guest at the door, refused", refused=True)
    await hand.visit.open(f"/events/{code}/finish")
    faults += await journey.find_faults(hand, "ranger", "finish")
    await hand.go(hand.button("Selesai"))
    return faults + await journey.find_faults(hand, "ranger", "over")


async def test_whoever_cancels_or_removes_is_asked_first(browse: Browse, installed: Running) -> None:
    """U12: what writes to people stands behind a question, and asking it changes nothing."""
    hand = await journey.ranger(await browse(installed.url, js=False))
    code = await journey.new_kopdar(hand, "Kopdar ditanya dulu")
    await journey.answer_many(installed.url, code, journey.people(1))
    for path, words in ((f"/events/{code}/cancel", "Batalkan kopdar"), (f"/events/{code}/postpone", "Tunda kopdar")):
        await hand.visit.open(path)
        assert await hand.button(words).is_visible()
    await hand.visit.open(f"/events/{code}/people")
    await hand.go(hand.link("Hapus"))

    assert await hand.page.locator("form.form button[type=submit]").is_visible()
    assert (await sql(installed, "select state from event where code = $1", code))[0]["state"] == "published"
    states = await sql(installed, "select r.state from rsvp r join event e on e.id = r.event where e.code = $1", code)
    assert [row["state"] for row in states] == ["going"]
