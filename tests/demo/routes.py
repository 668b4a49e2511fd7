"""Pages of the demo, which do not exist anywhere else."""

from __future__ import annotations

from tests.trust.matrix import only_in_demo

ROWS = [
    only_in_demo("GET", "/demo"),
    only_in_demo("POST", "/demo/sign-in/{role}"),
    only_in_demo("GET", "/demo/outbox"),
    only_in_demo("GET", "/demo/outbox/{mail_id}"),
    only_in_demo("GET", "/design"),
]
