"""A05: whatever is sent, no answer is 500 or more, and every answer is as the description says.

Against the running product over HTTP, as a Ranger of the demo, so that reading and writing are both reached.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import response_schema_conformance

from community.kit.embedded_pg import EmbeddedPostgres
from tests.browser.server import COMMUNITY, running

CASES_EACH, CASES_MIN = 50, 2_000
CHECKS = [not_a_server_error, response_schema_conformance]


@pytest.fixture(scope="module")
def described() -> Iterator[Any]:
    """The description the running product gives of itself, and a Ranger's token for every request."""
    command = [str(COMMUNITY), "token", "create", "--person", "ranger@demo.example"]
    with running() as product:
        made = subprocess.run(
            [*command, "--name", "fuzz", "--scopes", "read,write"],
            env=os.environ | product.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        token = made.stdout.strip().splitlines()[-1]
        schema = schemathesis.openapi.from_url(f"{product.url}/schema/openapi.json")
        database = EmbeddedPostgres(Path(product.environment["COMMUNITY_DATA"]) / "pg").config
        yield schema, {"Authorization": f"Bearer {token}"}, database


async def refill(database: dict[str, Any]) -> None:
    """Empties the rate limits, or nearly all answers would be 429: limits have tests of their own."""
    connection = await asyncpg.connect(**database, database="community")
    await connection.execute("truncate rate_bucket")
    await connection.close()


def ask_often(operation: Any, headers: dict[str, str], asked: Counter[int], faults: list[str]) -> None:
    """CASES_EACH requests to one operation; what an answer got wrong is added to `faults`."""

    @settings(
        max_examples=CASES_EACH,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        answer = case.call(headers=headers)
        asked[answer.status_code] += 1
        try:
            case.validate_response(answer, checks=CHECKS)
        except (Failure, FailureGroup) as failure:
            faults.append(f"{operation.label}: {answer.status_code} {failure}")

    ask()


def test_no_request_makes_the_api_stumble(described: Any) -> None:
    schema, headers, database = described
    asked: Counter[int] = Counter()
    faults: list[str] = []

    for found in schema.get_all_operations():
        asyncio.run(refill(database))
        ask_often(found.ok(), headers, asked, faults)

    assert faults[:5] == [], f"{len(faults)} faults in {asked.total()} requests"
    assert asked.total() >= CASES_MIN
    assert asked[200] + asked[201] > CASES_MIN / 20, asked  # not everything was refused at the door
    print(f"{asked.total()} requests: {dict(asked)}")
