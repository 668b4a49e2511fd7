"""A05: whatever is sent, no answer is 500 or more, and every answer is as the description says.

Against the running product over HTTP, as a Ranger of the demo, so that reading and writing are both reached.
"""

from __future__ import annotations

import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance

from tests.browser.server import COMMUNITY, running

CASES_EACH, CASES_MIN = 60, 2_000
asked: Counter[int] = Counter()


@pytest.fixture(scope="module")
def described() -> Iterator[Any]:
    """The description the running product gives of itself, with a Ranger's token for every request."""
    with running() as product:
        made = subprocess.run(
            [
                str(COMMUNITY),
                "token",
                "create",
                "--person",
                "ranger@demo.example",
                "--name",
                "fuzz",
                "--scopes",
                "read,write",
            ],
            env=os.environ | product.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        token = made.stdout.strip().splitlines()[-1]
        schema = schemathesis.openapi.from_url(f"{product.url}/schema/openapi.json")
        schema.config.update(headers={"Authorization": f"Bearer {token}"})
        yield schema


schema = schemathesis.pytest.from_fixture("described")


@schema.parametrize()
@settings(
    max_examples=CASES_EACH,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_request_makes_the_api_stumble(case: Any) -> None:
    answer = case.call()
    asked[answer.status_code] += 1

    case.validate_response(answer, checks=[not_a_server_error, response_schema_conformance])


def test_enough_was_asked() -> None:
    assert sum(asked.values()) >= CASES_MIN, asked
    assert asked[200] + asked[201] > CASES_MIN / 20, asked  # not everything was refused at the door
