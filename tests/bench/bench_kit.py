"""What the ground costs: a list from the database against the bare driver, a page against bare Jinja."""

from __future__ import annotations

from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined

from community.accounts.tables import Person
from community.kit.db import DB, rows
from community.kit.templates import environment
from tests.bench.harness import Bench

ROWS = 500
# The same page both ways: ours in kit's environment (strict, escaping, two languages), theirs in a plain one.
PAGE = (
    "<h1>{{ title }}</h1><table>{% for row in rows %}"
    '<tr class="{{ row.kind }}"><th scope="row">{{ row.name }}</th><td>{{ row.count }}</td></tr>'
    "{% endfor %}</table><p>{{ _('Kembali') }}</p>"
)
CONTEXT: dict[str, Any] = {
    "title": "Daftar & <contoh>",
    "rows": [{"kind": "row", "name": f"Orang <{number}>", "count": number} for number in range(ROWS)],
}


async def select() -> list[tuple[Any, ...]]:
    found = await Person.select(Person.id, Person.name, Person.email, Person.version).order_by(Person.name).limit(ROWS)
    return [tuple(row.values()) for row in found]


async def plain_sql() -> list[tuple[Any, ...]]:
    return [
        tuple(row.values())
        for row in await rows("select id, name, email, version from person order by name limit {}", ROWS)
    ]


async def bare_driver() -> list[tuple[Any, ...]]:
    assert DB.pool is not None
    async with DB.pool.acquire() as connection:
        found = await connection.fetch("select id, name, email, version from person order by name limit $1", ROWS)
    return [tuple(row.values()) for row in found]


OURS = environment().from_string(PAGE)
BARE = Environment(
    loader=DictLoader({"page": PAGE}), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
BARE.globals["_"] = lambda text: text


async def our_page() -> str:
    return OURS.render(CONTEXT)


async def bare_page() -> str:
    return BARE.get_template("page").render(CONTEXT)


BENCHES = [
    Bench(f"list of {ROWS} people by Piccolo's select", "asyncpg fetch", select, bare_driver, at_most=3.0),
    Bench(f"list of {ROWS} people by kit.db.rows", "asyncpg fetch", plain_sql, bare_driver, at_most=2.0),
    Bench(f"page of {ROWS} rows by kit.templates", "bare Jinja2", our_page, bare_page, at_most=1.3),
]
