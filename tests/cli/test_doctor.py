"""Each fault planted, each found; a sound installation is told so."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from community import doctor
from community.kit.ids import uuid7
from community.kit.settings import read_settings
from tests.smtp import smtp_server

SECRET = "only-for-tests-" + "t" * 32


@pytest_asyncio.fixture(loop_scope="session")
async def owner(database: dict[str, Any]) -> AsyncIterator[Any]:
    """A connection of the owner whose transaction is rolled back."""
    connection = await asyncpg.connect(**{k: v for k, v in database.items() if k != "server_settings"})
    transaction = connection.transaction()
    await transaction.start()
    yield connection
    await transaction.rollback()
    await connection.close()


def test_settings_that_cannot_be_served_from_end_the_examination_with_their_words():
    findings = doctor.examine({"COMMUNITY_BASE_URL": "http://pelapak.example", "COMMUNITY_SECRET": SECRET})

    assert [(finding.check, finding.state) for finding in findings] == [("settings", "wrong")]
    assert "use https" in findings[0].words


def test_a_full_disk_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    assert doctor.check_disk(tmp_path / "not" / "there").state == "ok"
    monkeypatch.setattr("shutil.disk_usage", lambda folder: SimpleNamespace(free=200_000_000))
    assert doctor.check_disk(tmp_path).state == "wrong"


async def check_mail(**given: str) -> doctor.Finding:
    return await asyncio.to_thread(doctor.check_mail, read_settings({"COMMUNITY_SECRET": SECRET, **given}))


async def test_mail_that_leads_nowhere_is_found_outside_of_the_demo():
    async with smtp_server() as sink:
        assert (await check_mail(SMTP_URL=sink.url)).state == "ok"
    nobody_answers = await check_mail(SMTP_URL=sink.url)

    assert (nobody_answers.state, "no connection" in nobody_answers.words) == ("wrong", True)
    assert (await check_mail()).state == "wrong"
    assert (await check_mail(SMTP_URL="mail.example")).state == "wrong"
    assert (await check_mail(COMMUNITY_DEMO="1", SMTP_URL=sink.url)).state == "ok"


def test_a_catalogue_older_than_its_text_is_found(tmp_path: Path):
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text("")
    assert doctor.check_catalogue(tmp_path).state == "wrong"
    (folder / "messages.mo").write_text("")
    os.utime(folder / "messages.po", (1, 1))
    assert doctor.check_catalogue(tmp_path).state == "ok"


async def test_a_migrated_database_is_sound_and_a_missing_or_unknown_migration_is_found(owner: Any):
    known = set(doctor.known_migrations())

    assert (await doctor.check_version(owner)).state == "ok"
    assert (await doctor.check_clock(owner)).state == "ok"
    assert (await doctor.check_role(owner)).state == "ok"
    assert (await doctor.check_migrations(owner, known)).state == "ok"
    assert "1 of" in (await doctor.check_migrations(owner, known | {"one more"})).words
    assert "newer" in (await doctor.check_migrations(owner, known - {min(known)})).words


async def test_a_role_that_may_change_the_audit_log_is_found(owner: Any):
    await owner.execute("grant delete on audit_entry to community_app")

    assert (await doctor.check_role(owner)).state == "wrong"


async def test_demo_rows_outside_of_the_demo_and_real_people_inside_are_found(owner: Any):
    assert (await doctor.check_holding(owner, demo=False)).state == "ok"
    add = "insert into person (id, kind, name, is_demo, created_at) values ($1, 'account', 'Orang', $2, now())"
    await owner.execute(add, uuid7(), False)
    assert (await doctor.check_holding(owner, demo=False)).state == "ok"
    assert (await doctor.check_holding(owner, demo=True)).state == "wrong"
    await owner.execute(add, uuid7(), True)
    assert (await doctor.check_holding(owner, demo=False)).state == "wrong"
    assert (await doctor.check_holding(owner, demo=True)).state == "ok"


async def test_a_clock_that_differs_is_found():
    class Ahead:
        async def fetchval(self, statement: str) -> datetime:
            return datetime.now(UTC) + timedelta(seconds=30)

    assert (await doctor.check_clock(Ahead())).state == "wrong"


async def test_an_old_server_is_found():
    old = SimpleNamespace(get_server_version=lambda: SimpleNamespace(major=14, minor=2))

    assert "At least 15" in (await doctor.check_version(old)).words


@pytest.mark.parametrize(("age", "state"), [(None, "note"), (5.0, "ok"), (900.0, "wrong")])
def test_jobs_that_nobody_runs_are_found(age: float | None, state: str):
    assert doctor.judge_leader(age).state == state


def test_the_text_counts_what_is_to_repair():
    findings = [doctor.Finding("disk", "ok", "Fine."), doctor.Finding("mail", "wrong", "Not set.")]

    assert doctor.as_text(findings).endswith("1 to repair.")
    assert '"state":"wrong"' in doctor.as_json(findings)
    assert doctor.as_text(findings[:1]).endswith("Nothing is wrong.")
