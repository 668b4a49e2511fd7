"""The pages of the door and of one's account, through the whole application."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from community.accounts import service
from community.kit import csrf
from community.kit.clock import StoppedClock
from community.kit.db import first, rows
from tests.accounts.conftest import Mails
from tests.accounts.test_rules import HOSTILE
from tests.factories import NOW, make_chapter, make_person, make_ranger, make_role

pytestmark = pytest.mark.usefixtures("db")
EMAIL, PASSWORD = "bob@contoh.example", "tiga kuda di kebun"
UNKNOWN = "siapa@contoh.example"


def stamped(path: str, **fields: str) -> dict[str, str]:
    return {"_stamp": csrf.new_stamp(path, "", now=NOW - timedelta(seconds=10)), **fields}


async def make_bob(**given: Any) -> UUID:
    return await service.make_account(
        "Bob Contoh", **{"email": EMAIL, "verified": True, "password": PASSWORD, "now": NOW} | given
    )


async def enter(client: httpx.AsyncClient, password: str = PASSWORD, **fields: str) -> httpx.Response:
    return await client.post("/sign-in", data=stamped("/sign-in", email=EMAIL, password=password, **fields))


def cookies_of(answer: httpx.Response) -> list[str]:
    return [value for value in answer.headers.get_list("set-cookie") if value.startswith("sid=")]


def csrf_of(answer: httpx.Response) -> str:
    found = re.search(r'name="_csrf" value="([^"]+)"', answer.text)
    assert found is not None
    return found[1]


async def test_signing_in_sets_a_cookie_that_scripts_cannot_read(client: httpx.AsyncClient) -> None:
    await make_bob()

    answer = await enter(client)

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    [cookie] = cookies_of(answer)
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    page = await client.get("/me")
    assert "Bob Contoh" in page.text
    assert page.headers["cache-control"] == "no-store"


async def test_a_wrong_password_shows_the_form_again_without_it(client: httpx.AsyncClient) -> None:
    await make_bob()

    answer = await enter(client, "salah sama sekali")

    assert answer.status_code == 400
    assert EMAIL in answer.text
    assert "salah sama sekali" not in answer.text
    assert "E-mail atau kata sandi tidak cocok" in answer.text
    assert cookies_of(answer) == []


async def test_a07_a_planted_cookie_is_cleared_and_never_adopted(client: httpx.AsyncClient) -> None:
    await make_bob()
    planted = "A" * 43
    client.cookies.set("sid", planted, domain="127.0.0.1")
    stranger = await client.get("/me")
    assert stranger.status_code == 303
    assert len(cookies_of(stranger)) == 1
    assert "Max-Age=0" in cookies_of(stranger)[0]

    client.cookies.set("sid", planted, domain="127.0.0.1")
    answer = await enter(client)

    assert planted not in cookies_of(answer)[0]
    client.cookies.set("sid", planted, domain="127.0.0.1")
    assert (await client.get("/me")).status_code == 303


async def test_a07_a_new_token_at_every_moment_that_matters(
    client: httpx.AsyncClient, connect: Any, mails: Mails
) -> None:
    bob = await make_bob()
    seen = [cookies_of(await enter(client))[0]]
    headers = {"X-CSRF-Token": csrf_of(await client.get("/me"))}
    again = await client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD}, headers=headers)
    seen.append(cookies_of(again)[0])
    headers = {"X-CSRF-Token": csrf_of(await client.get("/me"))}
    changed = await client.post("/me/password", data={"password": "empat kuda di kebun"}, headers=headers)
    seen.append(cookies_of(changed)[0])
    await rows("update sign_in set created_at = created_at - interval '1 minute'")
    await service.give_role(bob, "hq", now=NOW, by=None)
    gained = await client.get("/me")
    seen.append(cookies_of(gained)[0])

    tokens = [cookie.split(";")[0] for cookie in seen]
    assert len(set(tokens)) == 4
    assert (await client.get("/me")).status_code == 200
    for token in tokens[:-1]:
        old = connect()
        old.cookies.set("sid", token.removeprefix("sid="), domain="127.0.0.1")
        assert (await old.get("/me")).status_code == 303
    assert await first("select count(*) as n from sign_in where ended_at is null") == {"n": 1}


async def test_signing_out_clears_the_cookie_and_the_cache_but_not_unsent_check_ins(
    as_person: Any,
) -> None:
    bob = await make_bob()
    for unsent, cleared in (("", '"cache"'), ("3", '"cache"'), ("0", '"cache", "storage"')):
        client = await as_person(bob)
        answer = await client.post("/sign-out", data={"unsent": unsent})

        assert (answer.status_code, answer.headers["clear-site-data"]) == (303, cleared)
        assert "Max-Age=0" in cookies_of(answer)[0]
        assert (await client.get("/me")).status_code == 303


async def test_signing_out_everywhere_ends_the_other_devices(as_person: Any) -> None:
    bob = await make_bob()
    one, two = await as_person(bob), await as_person(bob)

    assert (await one.post("/me/sign-out-everywhere")).status_code == 303

    assert (await two.get("/me")).status_code == 303


@pytest.mark.parametrize("wanted", HOSTILE)
async def test_a14_a_hostile_next_leads_home(client: httpx.AsyncClient, wanted: str) -> None:
    await make_bob()

    answer = await enter(client, next=wanted)

    assert answer.status_code in {303, 400}
    if answer.status_code == 303:
        assert answer.headers["location"] in {"/", wanted.strip()}  # " /me" is our page, trimmed
    shown = await client.get("/sign-in", params={"next": wanted})
    assert shown.status_code == 200
    assert 'name="next" value="/"' in shown.text


async def test_a_page_of_ours_is_where_one_comes_back_to(client: httpx.AsyncClient) -> None:
    await make_bob()
    asked = await client.get("/me/looks")
    assert asked.headers["location"] == "/sign-in?next=/me/looks"
    assert 'name="next" value="/me/looks"' in (await client.get(asked.headers["location"])).text

    answer = await enter(client, next="/me/looks")

    assert answer.headers["location"] == "/me/looks"


async def test_a14_five_previews_of_a_link_consume_nothing(client: httpx.AsyncClient, mails: Mails) -> None:
    await make_bob()
    sent = await client.post("/sign-in", data=stamped("/sign-in", email=EMAIL, way="link", next="/me"))
    assert (sent.status_code, sent.headers["location"]) == (303, "/sign-in/sent")
    path = f"/sign-in/link/{mails.token()}"

    for _ in range(5):
        preview = await client.get(path)
        assert (preview.status_code, preview.headers["cache-control"]) == (200, "no-store")
        assert preview.headers["referrer-policy"] == "same-origin"
    assert await first("select count(*) as n from sign_in") == {"n": 0}
    used = await client.post(path, data={"_stamp": csrf.new_stamp(path, "", now=NOW)})

    assert (used.status_code, used.headers["location"]) == (303, "/me")
    assert (await client.post(path, headers={"X-CSRF-Token": csrf_of(await client.get("/me"))})).status_code == 404


async def test_known_and_unknown_addresses_get_the_same_answer(client: httpx.AsyncClient, mails: Mails) -> None:
    await make_bob()

    async def told(path: str, **fields: str) -> list[tuple[int, str | None, bytes]]:
        answers = [
            await client.post(path, data=stamped(path, email=email, **fields))
            for email in (EMAIL, "siapa@contoh.example")
        ]
        return [(answer.status_code, answer.headers.get("location"), answer.content) for answer in answers]

    for path, fields in (
        ("/sign-in", {"way": "link"}),
        ("/reset", {}),
        ("/sign-up", {"name": "Siapa", "adult": "yes"}),
    ):
        known, unknown = await told(path, **fields)
        assert known == unknown


async def test_signing_up_asks_for_age_and_leaves_boxes_unticked(client: httpx.AsyncClient, mails: Mails) -> None:
    page = await client.get("/sign-up")
    assert "checked" not in page.text
    refused = await client.post("/sign-up", data=stamped("/sign-up", name="Bob Contoh", email=EMAIL))
    assert refused.status_code == 400
    assert "18 tahun" in refused.text

    fields = {"name": "Bob Contoh", "email": EMAIL, "adult": "yes", "news": "yes"}
    assert (await client.post("/sign-up", data=stamped("/sign-up", **fields))).status_code == 303
    path = f"/verify/{mails.token()}"
    weak = await client.post(path, data=stamped(path, password="password123"))
    assert weak.status_code == 400
    assert "mudah ditebak" in weak.text
    done = await client.post(path, data=stamped(path, password=PASSWORD))

    assert done.status_code == 303
    assert "Bob Contoh" in (await client.get("/me")).text
    assert "Kabar kegiatan" in (await client.get("/me/consents")).text


async def test_the_first_form_is_shown_again_if_it_comes_in_under_three_seconds(client: httpx.AsyncClient) -> None:
    fields = {"_stamp": csrf.new_stamp("/sign-up", "", now=NOW), "name": "Bot", "email": EMAIL, "adult": "yes"}

    answer = await client.post("/sign-up", data=fields)

    assert answer.status_code == 403
    assert await first("select count(*) as n from person") == {"n": 0}


async def test_the_choice_of_language_stays_with_browser_and_account(client: httpx.AsyncClient, as_person: Any) -> None:
    answer = await client.post("/language", data=stamped("/language", lang="en", next="/sign-in"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert 'lang="en"' in (await client.get("/sign-in")).text
    assert (await client.post("/language", data=stamped("/language", lang="xx"))).status_code == 400

    bob = await make_bob()
    await (await as_person(bob)).post("/language", data={"lang": "en"})
    assert 'lang="en"' in (await (await as_person(bob)).get("/me")).text


async def test_what_matters_asks_for_the_password_once_more(as_person: Any, app: Any) -> None:
    bob = await make_bob()
    client = await as_person(bob)
    await rows("update sign_in set proved_at = {}", NOW - timedelta(minutes=31))

    for path in ("/me/password", "/me/tokens", "/me/export"):
        asked = await client.get(path)
        assert (asked.status_code, asked.headers["location"]) == (303, f"/prove?next={path}")
        assert (await client.post(path, data={"password": PASSWORD, "name": "x"})).status_code == 303
    assert "Kirim tautan" in (await client.get("/prove")).text
    wrong = await client.post("/prove", data={"password": "salah sama sekali", "next": "/me/export"})
    assert wrong.status_code == 400
    right = await client.post("/prove", data={"password": PASSWORD, "next": "/me/export"})

    assert (right.status_code, right.headers["location"]) == (303, "/me/export")
    assert (await client.get("/me/export")).status_code == 200


async def test_the_download_is_a_file_with_everything_of_ones_own(as_person: Any) -> None:
    alice = await make_ranger(await make_chapter(), "Alice Contoh", phone="+6281200003333")
    client = await as_person(alice)

    answer = await client.post("/me/export")

    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == 'attachment; filename="data-saya-2026-11-23.json"'
    found = json.loads(answer.content)
    assert found["person_id"] == str(alice)
    assert {"accounts", "audit"} <= set(found["rooms"])
    assert found["rooms"]["accounts"]["person"][0]["phone"] == "+6281200003333"


async def test_a_token_is_shown_once_and_works_until_revoked(as_person: Any, connect: Any) -> None:
    chapter = await make_chapter("Komunitas Contoh")
    client = await as_person(await make_ranger(chapter, "Alice Contoh"))
    assert "Komunitas Contoh" in (await client.get("/me/tokens")).text

    made = await client.post("/me/tokens", data={"name": "laporan", "days": "30", "chapter": str(chapter)})

    found = re.search(r"rgr_[A-Z0-9]{8}_[\w-]{43}", made.text)
    assert found is not None
    assert found[0] not in (await client.get("/me/tokens")).text
    program = connect(Authorization=f"Bearer {found[0]}")
    shown = (await program.get("/api/v1/me")).json()
    assert (shown["name"], shown["scopes"]) == ("Alice Contoh", ["read"])
    assert shown["roles"] == [{"role": "ranger", "scope_id": str(chapter)}]
    [token] = (await program.get("/api/v1/me/tokens")).json()["items"]
    assert (await client.post(f"/me/tokens/{token['id']}/revoke")).status_code == 303
    assert (await program.get("/api/v1/me")).status_code == 401


async def test_a_token_beyond_ones_rights_is_refused_at_its_field(as_person: Any) -> None:
    client = await as_person(await make_bob())

    answer = await client.post("/me/tokens", data={"name": "x", "network": "yes"})

    assert answer.status_code == 400
    assert "rgr_" not in answer.text


async def test_a_token_that_may_only_read_changes_nothing(connect: Any) -> None:
    bob = await make_bob()
    token = await service.create_token(bob, "baca", scopes=["read"], chapter_id=None, days=1, now=NOW)
    program = connect(Authorization=f"Bearer {token}")

    answer = await program.patch("/api/v1/me", json={"name": "Lain", "version": 1})

    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")
    assert (await service.show_person(bob)).name == "Bob Contoh"


async def test_a_token_writes_120_times_in_five_minutes(connect: Any) -> None:
    bob = await make_bob()
    token = await service.create_token(bob, "tulis", scopes=["read", "write"], chapter_id=None, days=1, now=NOW)
    program = connect(Authorization=f"Bearer {token}")

    answers = [await program.patch("/api/v1/me", json={}) for _ in range(122)]

    assert [answer.status_code for answer in answers] == [400] * 120 + [429] * 2
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 3
    assert (await program.get("/api/v1/me")).status_code == 200


async def test_a_profile_is_edited_on_the_page_and_over_the_api(as_person: Any, as_token: Any) -> None:
    bob = await make_bob()
    client, program = await as_person(bob), await as_token(bob)
    bad = await client.post("/me/profile", data={"name": "", "phone": "12", "version": "1"})
    assert bad.status_code == 400
    assert (
        await client.post("/me/profile", data={"name": "Bob Baru", "phone": "0812-0000-4444", "version": "1"})
    ).status_code == 303
    assert "0812-0000-4444" in (await client.get("/me")).text

    stale = await program.patch("/api/v1/me", json={"name": "Lain", "version": 1})
    assert (stale.status_code, stale.json()["code"], stale.json()["current"]["version"]) == (409, "stale_version", 2)
    fresh = await program.patch("/api/v1/me", json={"name": "Bob Lagi", "phone": None, "version": 2})
    assert (fresh.status_code, fresh.json()["name"], fresh.headers["etag"]) == (200, "Bob Lagi", '"3"')


async def test_a_consent_is_withdrawn_with_one_press(as_person: Any, as_token: Any, mails: Mails) -> None:
    bob = await make_bob()
    await service.record_consent(bob, "news", channel="web", now=NOW)
    client, program = await as_person(bob), await as_token(bob)
    [consent] = (await program.get("/api/v1/me/consents")).json()["items"]

    assert (await client.post(f"/me/consents/{consent['id']}/withdraw")).status_code == 303

    assert not await service.has_consent(bob, "news")
    assert "Ditarik" in (await client.get("/me/consents")).text
    again = await program.post(f"/api/v1/me/consents/{consent['id']}/withdraw")
    assert (again.status_code, again.json()["items"][0]["withdrawn_at"] is None) == (200, False)


async def test_headquarters_has_to_set_a_password_before_it_can_prove_itself(
    client: httpx.AsyncClient, mails: Mails
) -> None:
    hana = await make_person("Hana Contoh", email=EMAIL)
    await make_role(hana, "hq")
    await client.post("/reset", data=stamped("/reset", email=EMAIL))
    path = f"/reset/{mails.token()}"

    assert (await client.get(path)).status_code == 200
    done = await client.post(path, data=stamped(path, password=PASSWORD))

    assert (done.status_code, done.headers["location"]) == (303, "/")
    assert (await client.get("/me/tokens")).status_code == 200
    assert "Kirim tautan" not in (await client.get("/prove")).text


def test_the_clock_of_these_tests_stands(clock: StoppedClock, now: datetime) -> None:
    assert clock() == now == NOW
