"""`make bench`: run every benchmark on a database of its own, print the table, write var/bench/<instant>.json.

Exit status 1 if a ratio is above its bound.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from community.kit.db import close_pool, configure, open_pool, rows
from community.kit.embedded_pg import EmbeddedPostgres
from community.kit.migrate import migrate
from tests.bench.harness import Result, as_json, list_benches, measure, table

ROOT = Path(__file__).resolve().parents[2]
FILL = """
insert into person (id, kind, name, email, is_demo, created_at, version)
select gen_random_uuid(), 'account', 'Orang Contoh ' || lpad((n * 7919 % 5000)::text, 5, '0'),
       'orang' || n || '@contoh.example', true, now(), 1
from generate_series(1, 5000) n
"""


async def run_all() -> list[Result]:
    await migrate()
    await open_pool(min_size=1, max_size=4)
    try:
        await rows(FILL)
        return [await measure(bench) for bench in list_benches()]
    finally:
        await close_pool()


def main() -> int:
    os.environ.setdefault("COMMUNITY_SECRET", "only-for-benchmarks-" + "b" * 32)
    with tempfile.TemporaryDirectory(prefix="community-bench-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # as root the database runs as nobody, who has to get in
        cluster = EmbeddedPostgres(Path(folder) / "pg", durable=False)
        configure({**cluster.start(), "database": "bench"})
        try:
            results = asyncio.run(run_all())
        finally:
            cluster.leave()
    at = datetime.now(UTC)
    path = ROOT / "var" / "bench" / f"{at:%Y%m%dT%H%M%SZ}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(as_json(results, at=at), encoding="utf-8")
    print(table(results), f"\nWritten to {path.relative_to(ROOT)}")
    return 0 if all(result.is_within for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
