"""From the deed's transaction to the sender: once told, sent once, never after it stopped being true."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from community.kit.db import atomic, first, rows
from community.kit.ids import uuid7
from community.kit.mail import Mail, Outcome, Verdict
from community.kit.settings import settings
from community.notifications import queries, service
from community.notifications.deeds import sending
from tests.factories import make_chapter, make_person
from tests.notifications.conftest import FakeSender
from tests.notifications.sample import params

pytestmark = pytest.mark.usefixtures("db", "samples")
DOWN = Outcome(Verdict.RETRY, "no connection (SMTPConnectError)", unreachable=True)


async def tell(person_id: UUID, now: datetime, **given: Any) -> UUID | None:
    name = given.pop("name", "samples/plain")
    return await service.enqueue(person_id, name, given.pop("params", params()), now=now, **given)


async def mails() -> list[dict[str, Any]]:
    return await rows("select * from delivery order by id")


async def test_a_notice_is_one_line_in_the_inbox_and_one_mail(now: datetime, sender: FakeSender) -> None:
    bob = await make_person("Bob Contoh", email="bob@contoh.example")

    await tell(bob, now)
    tally = await service.deliver(now=now, sender=sender)

    assert tally == {"sent": 1}
    [mail] = sender.mails
    assert (mail.recipient, mail.subject) == ("bob@contoh.example", "Kopdar Contoh #1 · Sab, 28 Nov · 19.00 WIB")
    assert f"{settings().base_url}/events/AB23CD45" in mail.text
    inbox = await service.inbox(bob, now=now)
    assert [(item.subject, item.path) for item in inbox.items] == [(mail.subject, "/events/AB23CD45")]
    assert "Halo" not in inbox.items[0].text
    [row] = await mails()
    assert (row["state"], row["attempts"], row["sent_at"] is not None) == ("sent", 1, True)
    assert mail.message_id == f"{row['id']}@127.0.0.1"
    assert sender.closed == 1


async def test_what_was_sent_is_not_sent_again(now: datetime, sender: FakeSender) -> None:
    await tell(await make_person(), now)
    for _round in range(3):
        await service.deliver(now=now + timedelta(hours=_round), sender=sender)

    assert len(sender.mails) == 1


async def test_the_same_key_tells_once(now: datetime, sender: FakeSender) -> None:
    bob = await make_person()

    first_id = await tell(bob, now, dedupe_key="rem/event/1")
    second_id = await tell(bob, now, dedupe_key="rem/event/1")
    await service.deliver(now=now, sender=sender)

    assert first_id is not None
    assert second_id is None
    assert await service.count_unread(bob, now=now) == len(sender.mails) == 1


async def test_a_deed_rolled_back_told_nobody(now: datetime) -> None:
    bob = await make_person()

    with pytest.raises(RuntimeError):
        async with atomic():
            await tell(bob, now)
            raise RuntimeError

    assert await service.count_unread(bob, now=now) == 0
    assert await mails() == []


async def test_only_verified_or_given_addresses_get_mail(now: datetime, sender: FakeSender) -> None:
    unverified = await make_person(email="a@contoh.example", email_verified_at=None)
    guest = await make_person(kind="guest", email="g@contoh.example", email_verified_at=None)

    await tell(unverified, now)
    await tell(guest, now, address="g@contoh.example")
    await service.deliver(now=now, sender=sender)

    assert [mail.recipient for mail in sender.mails] == ["g@contoh.example"]
    assert await service.count_unread(unverified, now=now) == 1


async def test_params_that_do_not_fit_stop_the_deed(now: datetime) -> None:
    bob = await make_person()

    for wrong in ({"title": 3}, {"starts_at": "today"}, {"link": "//evil.example"}, {"party": True}, {"more": 1}):
        with pytest.raises(ValueError, match="samples/plain"):
            await tell(bob, now, params=params(**wrong))
    with pytest.raises(LookupError):
        await tell(bob, now, name="samples/nothing")


async def test_a_retry_waits_longer_each_time_and_then_gives_up(now: datetime) -> None:
    await tell(await make_person(), now)
    sender = FakeSender(*[Outcome(Verdict.RETRY, "refused (451)")] * 6)

    for minutes in (0, 1, 5, 15, 60, 240):
        now += timedelta(minutes=minutes, seconds=5)
        assert await service.deliver(now=now - timedelta(seconds=10), sender=sender) == {}
        assert (await service.deliver(now=now, sender=sender)).total() == 1

    [row] = await mails()
    assert (row["state"], row["attempts"], row["error"]) == ("failed", 6, "refused (451)")
    assert len({mail.message_id for mail in sender.mails}) == 1


async def test_a_refusal_is_final_at_once(now: datetime) -> None:
    await tell(await make_person(), now)
    sender = FakeSender(Outcome(Verdict.REFUSED, "recipient refused (550)"))

    await service.deliver(now=now, sender=sender)

    [row] = await mails()
    assert (row["state"], row["attempts"]) == ("failed", 1)


async def test_a_broken_message_fails_alone(now: datetime, sender: FakeSender) -> None:
    bob = await make_person()
    await tell(bob, now, name="samples/broken")
    await tell(bob, now)

    assert await service.deliver(now=now, sender=sender) == {"failed": 1, "sent": 1}
    inbox = await service.inbox(bob, now=now)
    assert "Kabar ini tidak bisa ditampilkan" in {item.subject for item in inbox.items}
    assert len(inbox.items) == 2


async def test_a_sender_that_breaks_costs_one_try_of_one_mail(now: datetime) -> None:
    class Broken(FakeSender):
        async def send(self, mail: Mail) -> Outcome:
            if not self.mails:
                self.mails.append(mail)
                raise KeyError("what")
            return await super().send(mail)

    for _person in range(3):
        await tell(await make_person(), now)

    assert await service.deliver(now=now, sender=Broken()) == {"pending": 1, "sent": 2}


async def test_a_server_that_is_gone_is_asked_once_a_round(now: datetime) -> None:
    for _person in range(5):
        await tell(await make_person(), now)
    sender = FakeSender(DOWN)

    assert await service.deliver(now=now, sender=sender) == {"pending": 5}
    assert len(sender.mails) == 1
    assert await service.deliver(now=now + timedelta(minutes=2), sender=sender) == {"sent": 5}


async def test_what_expired_is_not_sent(now: datetime, sender: FakeSender) -> None:
    await tell(await make_person(), now, expires_at=now + timedelta(hours=1))

    assert await service.deliver(now=now + timedelta(hours=1), sender=sender) == {"expired": 1}
    assert sender.mails == []


async def test_what_is_no_longer_true_is_not_sent(
    now: datetime, sender: FakeSender, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    async def still_true(template: str, subject: tuple[str, UUID], person_id: UUID, *, now: datetime) -> bool:
        asked.append((template, subject, person_id))
        return False

    bob, event_id = await make_person(), uuid7()
    monkeypatch.setattr(sending, "_checks", {})
    service.use_checks({"samples": still_true})
    await tell(bob, now, subject=("event", event_id))
    assert await service.deliver(now=now, sender=sender) == {"cancelled": 1}

    assert asked == [("samples/plain", ("event", event_id), bob)]


async def test_a_changed_or_lost_address_is_looked_up_again(now: datetime, sender: FakeSender) -> None:
    moved, lost = await make_person(email="old@contoh.example"), await make_person()
    await tell(moved, now)
    await tell(lost, now)
    await rows("update person set email = 'new@contoh.example' where id = {} returning id", moved)
    await rows("update person set email_verified_at = null where id = {} returning id", lost)

    assert await service.deliver(now=now, sender=sender) == {"sent": 1, "cancelled": 1}
    assert [mail.recipient for mail in sender.mails] == ["new@contoh.example"]


async def test_a_merged_person_is_reached_and_sees_both_inboxes(now: datetime, sender: FakeSender) -> None:
    kept = await make_person(email="kept@contoh.example")
    gone = await make_person(email="gone@contoh.example")
    await tell(gone, now)
    await rows("update person set merged_into = {} where id = {} returning id", kept, gone)

    await service.deliver(now=now, sender=sender)

    assert [mail.recipient for mail in sender.mails] == ["kept@contoh.example"]
    assert await service.count_unread(kept, now=now) == 1


async def test_a_cancelled_event_says_nothing_more(now: datetime, sender: FakeSender) -> None:
    event, other = uuid7(), uuid7()
    bob = await make_person()
    await tell(bob, now, subject=("event", event))
    await tell(bob, now, subject=("event", event), not_before=now + timedelta(days=1))
    await tell(bob, now, subject=("event", other))

    assert await service.cancel(now=now, subject=("event", event)) == 2
    await service.deliver(now=now + timedelta(days=2), sender=sender)

    assert len(sender.mails) == 1
    assert len((await service.inbox(bob, now=now + timedelta(days=2))).items) == 2  # what was read stays readable


async def test_leaving_a_chapter_stops_its_messages_to_that_person_only(now: datetime, sender: FakeSender) -> None:
    chapter, bob, alice = await make_chapter(), await make_person("Bob"), await make_person("Alice")
    for person in (bob, alice):
        await tell(person, now, chapter_id=chapter)
    await tell(bob, now)

    assert await service.cancel(now=now, person_id=bob, chapter_id=chapter) == 1
    assert await service.deliver(now=now, sender=sender) == {"sent": 2}


async def test_cancelling_everything_of_everybody_is_a_mistake(now: datetime) -> None:
    with pytest.raises(ValueError, match="whose"):
        await service.cancel(now=now, categories=["news"])


async def test_a_mail_cancelled_after_it_was_claimed_does_not_leave(now: datetime, sender: FakeSender) -> None:
    bob = await make_person()
    await tell(bob, now)
    await tell(bob, now)

    class Cancels(FakeSender):
        async def send(self, mail: Mail) -> Outcome:
            await service.cancel(now=now, person_id=bob)
            return await super().send(mail)

    assert await service.deliver(now=now, sender=Cancels()) == {"sent": 1, "taken": 1}


async def test_quiet_hours_move_the_mail_and_not_the_inbox(now: datetime, sender: FakeSender) -> None:
    night = now.replace(hour=15)  # 22.00 WIB
    bob = await make_person()
    await tell(bob, night)

    assert await service.deliver(now=night, sender=sender) == {}
    assert await service.count_unread(bob, now=night) == 1
    assert await service.deliver(now=night + timedelta(hours=9), sender=sender) == {"sent": 1}


async def test_an_announced_notice_appears_when_it_is_due(now: datetime) -> None:
    bob = await make_person()
    await tell(bob, now, not_before=now + timedelta(hours=2))

    assert await service.count_unread(bob, now=now) == 0
    assert await service.count_unread(bob, now=now + timedelta(hours=2)) == 1


async def test_a_private_message_is_in_no_inbox_and_forgotten_once_sent(now: datetime, sender: FakeSender) -> None:
    bob = await make_person()
    await tell(bob, now, name="samples/secret", params=params(link="/sign-in/link/secret"), urgent=True)

    assert await service.count_unread(bob, now=now) == 0
    await service.deliver(now=now, sender=sender)

    kept = await first("select params from notice where person = {}", bob)
    assert "/sign-in/link/secret" in sender.mails[0].text
    assert kept is not None
    assert json.loads(kept["params"]) == {}


async def test_news_needs_a_live_consent_and_can_be_stopped_from_the_mail(now: datetime, sender: FakeSender) -> None:
    chapter, bob, charlie = await make_chapter(), await make_person("Bob"), await make_person("Charlie")
    await consent(bob, chapter, now)
    for person in (bob, charlie):
        await tell(person, now, name="samples/digest", chapter_id=chapter)

    assert await service.deliver(now=now, sender=sender) == {"sent": 1, "cancelled": 1}
    [mail] = sender.mails
    assert mail.unsubscribe_url is not None
    assert mail.unsubscribe_url in mail.text

    await tell(bob, now, name="samples/digest", chapter_id=chapter)
    await service.unsubscribe(mail.unsubscribe_url.rsplit("/", 1)[1], now=now)
    await service.unsubscribe(mail.unsubscribe_url.rsplit("/", 1)[1], now=now)
    await tell(bob, now, name="samples/digest", chapter_id=chapter)

    assert await service.deliver(now=now, sender=sender) == {"cancelled": 1}
    assert len(sender.mails) == 1


async def consent(person_id: UUID, chapter_id: UUID, now: datetime) -> None:
    await rows(
        "insert into consent (id, person, purpose, scope_id, text_version, at, channel) "
        "values ({}, {}, 'news', {}, '1', {}, 'web') returning id",
        *(uuid7(), person_id, chapter_id, now),
    )


async def test_reminders_stop_and_start_on_the_own_page_and_essential_mails_never_stop(
    now: datetime, sender: FakeSender
) -> None:
    bob = await make_person()
    await service.set_wanted(bob, "reminder", wanted=False, now=now)
    await tell(bob, now, category="reminder")
    await tell(bob, now)

    assert await service.deliver(now=now, sender=sender) == {"cancelled": 1, "sent": 1}
    assert sender.mails[0].unsubscribe_url is None

    await service.set_wanted(bob, "reminder", wanted=True, now=now)
    await tell(bob, now, category="reminder")
    assert await service.deliver(now=now, sender=sender) == {"sent": 1}


@pytest.mark.parametrize("token", ["", "x", "é", "A" * 44, "!" * 44, "QUFB" * 30])
async def test_a_made_up_unsubscribe_link_is_unknown(token: str, now: datetime) -> None:
    with pytest.raises(service.UnknownUnsubscribe):
        await service.unsubscribe(token, now=now)


async def test_an_unsubscribe_link_changed_in_one_place_is_unknown() -> None:
    token = service.make_unsubscribe_token(uuid7(), "ask", uuid7())
    assert service.read_unsubscribe_token(token).category == "ask"

    for place in range(len(token) - 1):
        other = "A" if token[place] != "A" else "B"
        with pytest.raises(service.UnknownUnsubscribe):
            service.read_unsubscribe_token(token[:place] + other + token[place + 1 :])


async def test_the_reader_gets_their_own_language(now: datetime, sender: FakeSender) -> None:
    await tell(await make_person(locale="en"), now)
    await service.deliver(now=now, sender=sender)

    assert "Sat 28 Nov, 19:00 WIB" in sender.mails[0].subject


async def test_without_a_mail_server_mails_wait_and_the_operator_is_told(now: datetime) -> None:
    await tell(await make_person(), now)

    assert await service.deliver(now=now) == {}
    [row] = await mails()
    assert (row["state"], row["attempts"]) == ("pending", 0)
    assert await service.outbox_problem(now + timedelta(minutes=5)) is None
    assert "SMTP_URL" in str(await service.outbox_problem(now + timedelta(minutes=6)))
    assert await service.outbox_age(now + timedelta(minutes=6)) == timedelta(minutes=6)


async def test_a_server_nobody_reaches_is_an_alarm_although_each_try_is_in_time(now: datetime) -> None:
    await tell(await make_person(), now)
    for minutes in (0, 2, 8):
        await service.deliver(now=now + timedelta(minutes=minutes), sender=FakeSender(DOWN))

    assert await service.count_overdue(now + timedelta(minutes=8)) == 1


async def test_in_a_demo_mails_end_in_a_table(now: datetime) -> None:
    await tell(await make_person(email="bob@contoh.example"), now)

    await service.deliver(now=now, sender=service.DemoSender(lambda: now))

    [mail] = await service.demo_mails()
    whole = await service.demo_mail(mail.id)
    assert (mail.recipient, mail.subject[:6]) == ("bob@contoh.example", "Kopdar")
    assert "Message-ID: <" in whole.source
    with pytest.raises(service.NoticeNotFound):
        await service.demo_mail(uuid7())


@pytest.mark.parametrize("with_condition", [True, False])
async def test_a_worker_that_wakes_up_late_changes_nothing(
    with_condition: bool, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control leaves the condition on `attempts` out and shows what it is for."""
    if not with_condition:

        async def overwrite(delivery_id: UUID, _attempts: int, state: str, **given: Any) -> bool:
            await rows("update delivery set state = {} where id = {} returning id", state, delivery_id)
            return True

        monkeypatch.setattr(queries, "save_outcome", overwrite)
    await tell(await make_person(), now)

    class Slow(FakeSender):
        """While this worker waits for its server, its lease runs out and another one sends the mail."""

        async def send(self, mail: Mail) -> Outcome:
            await rows("update delivery set lease_until = {} returning id", now)
            await service.deliver(now=now + timedelta(minutes=2), sender=FakeSender())
            return Outcome(Verdict.RETRY, "late")

    tally = await service.deliver(now=now, sender=Slow())

    [row] = await mails()
    assert row["state"] == ("sent" if with_condition else "pending")
    assert tally == ({"late": 1} if with_condition else {"pending": 1})


async def test_what_has_served_is_forgotten_and_what_is_owed_is_not(now: datetime, sender: FakeSender) -> None:
    bob = await make_person()
    await tell(bob, now)
    await service.deliver(now=now, sender=sender)
    owed = await tell(bob, now)
    after = now + timedelta(days=366)

    assert await service.forget_old(now=after) == 0
    assert [row["notice"] for row in await mails()] == [owed]
    assert await service.forget_old(now=now + timedelta(days=731)) == 1
    assert await rows("select id from notice") == [{"id": owed}]


async def test_the_rows_of_a_round_contradict_nothing(now: datetime) -> None:
    for outcome in (Outcome(Verdict.SENT), Outcome(Verdict.RETRY), Outcome(Verdict.REFUSED)):
        await tell(await make_person(), now)
        await service.deliver(now=now, sender=FakeSender(outcome))
    assert await service.check_invariants(now=now) == []

    await rows("update delivery set state = 'sent', sent_at = null returning id")
    assert await service.check_invariants(now=now) == ["3 mails are sent, nobody knows when"]


async def test_a_person_can_take_along_what_they_were_told(now: datetime, sender: FakeSender) -> None:
    bob, charlie = await make_person(email="bob@contoh.example"), await make_person()
    await tell(bob, now)
    await tell(charlie, now)
    await service.deliver(now=now, sender=sender)

    exported = await service.export_person(bob)

    assert [(row["template"], row["address"], row["state"]) for row in exported["notices"]] == [
        ("samples/plain", "bob@contoh.example", "sent")
    ]
