"""The scripts add, never carry: drafts, filter and copy, each on the gallery."""

from __future__ import annotations

from tests.browser.conftest import Browse

KEPT = "Isian Anda yang belum tersimpan dikembalikan."
RADIOS = "[...document.querySelectorAll('form[data-draft] [type=radio]:checked')].map((r) => [r.name, r.value])"
DRAFTS = "Object.keys(localStorage).filter((name) => name.startsWith('draft:'))"


async def test_a_killed_tab_gives_the_text_back(browse: Browse, gallery_url: str) -> None:
    visit = await browse(gallery_url)
    await visit.open("/design")
    await visit.page.fill("#f-name", "Nama Contoh")
    await visit.page.get_by_label("Harga").check()

    again = await visit.page.context.new_page()
    await visit.page.close()
    await again.goto(gallery_url + "/design")

    await again.get_by_text(KEPT).wait_for()
    assert await again.input_value("#f-name") == "Nama Contoh"
    assert await again.get_by_label("Harga").is_checked()


async def test_a_draft_goes_once_the_form_is_saved(browse: Browse, gallery_url: str) -> None:
    visit = await browse(gallery_url)
    await visit.open("/design")
    await visit.page.fill("#f-name", "Nama Contoh")

    await visit.page.get_by_role("button", name="Terbitkan kopdar").click()
    await visit.page.get_by_role("heading", name="Tersimpan").wait_for()

    await visit.page.wait_for_load_state("load")
    assert await visit.page.evaluate(DRAFTS) == []
    await visit.open("/design")
    assert await visit.page.input_value("#f-name") == ""


async def test_a_refusal_keeps_the_draft(browse: Browse, gallery_url: str) -> None:
    visit = await browse(gallery_url)
    await visit.open("/design")
    await visit.page.fill("#f-name", "Nama Contoh")

    await visit.page.evaluate(
        "sessionStorage.setItem('draft-sent', 'draft:00000000-0000-7000-8000-000000000001:design')"
    )
    await visit.open("/refused")

    assert await visit.page.evaluate(DRAFTS) == ["draft:00000000-0000-7000-8000-000000000001:design"]


async def test_another_persons_draft_is_neither_shown_nor_kept(browse: Browse, gallery_url: str) -> None:
    visit = await browse(gallery_url)
    await visit.open("/refused")
    await visit.page.evaluate("localStorage.setItem('draft:other:design', JSON.stringify([['name', 'Orang Lain']]))")

    await visit.open("/design")

    assert await visit.page.input_value("#f-name") == ""
    assert await visit.page.evaluate(DRAFTS) == []


async def test_a_draft_of_a_choice_that_is_gone_leaves_what_the_form_proposes(browse: Browse, gallery_url: str) -> None:
    visit = await browse(gallery_url)
    await visit.open("/design")
    before = await visit.page.evaluate(RADIOS)
    assert before

    kept = [["name", "Nama Contoh"], *([name, "gone"] for name, _value in before)]
    key = "draft:00000000-0000-7000-8000-000000000001:design"
    await visit.page.evaluate("([key, kept]) => localStorage.setItem(key, JSON.stringify(kept))", [key, kept])
    await visit.open("/design")

    await visit.page.wait_for_function("document.querySelector('#f-name').value === 'Nama Contoh'")
    assert await visit.page.evaluate(RADIOS) == before


async def test_no_draft_holds_a_hidden_key(browse: Browse, gallery_url: str) -> None:
    visit = await browse(gallery_url)
    await visit.open("/design")

    await visit.page.fill("#f-name", "Nama Contoh")

    draft: str = await visit.page.evaluate("localStorage.getItem('draft:00000000-0000-7000-8000-000000000001:design')")
    assert "Nama Contoh" in draft
    assert "_csrf" not in draft
    assert "_key" not in draft


async def test_the_filter_leaves_the_matching_rows_and_says_how_many(browse: Browse, gallery_url: str) -> None:
    visit = await browse(gallery_url)
    await visit.open("/design")

    await visit.page.fill("#f-q", "peserta")

    await visit.page.locator("[role=search] [role=status]", has_text="2 cocok").wait_for(state="attached")
    assert await visit.page.locator("#d-people > li:visible").count() == 2


async def test_copying_puts_the_address_on_the_clipboard(browse: Browse, gallery_url: str) -> None:
    visit = await browse(gallery_url)
    await visit.open("/design")

    await visit.page.get_by_role("button", name="Salin tautan").click()

    await visit.page.get_by_role("button", name="Tersalin").wait_for()
    assert await visit.page.evaluate("navigator.clipboard.readText()") == "https://ranger.example/k/AB2CD"


async def test_without_javascript_nothing_is_offered_that_needs_it(browse: Browse, gallery_url: str) -> None:
    visit = await browse(gallery_url, js=False)

    await visit.open("/design")

    assert await visit.page.get_by_role("button", name="Salin tautan").count() == 0
    assert await visit.page.get_by_role("link", name="Bagikan ke WhatsApp").is_visible()
