"""`make places`: build `regions.csv`, check it, and write it only if nothing is wrong with it."""

from __future__ import annotations

import sys

from community.places.build.checks import find_faults
from community.places.build.make import (
    REGIONS,
    SOURCE,
    make_rows,
    read_cities,
    read_known,
    read_rows,
    tell_differences,
    write_text,
)


def main() -> int:
    cities = read_cities()
    rows = make_rows(read_rows(SOURCE), cities)
    for difference in tell_differences(rows, cities):
        _say(f"note: {difference}")
    faults = find_faults(rows, read_known())
    for fault in faults:
        _say(str(fault))
    if faults:
        _say(f"{len(faults)} faults; {REGIONS.name} was left as it was")
        return 1
    REGIONS.write_text(write_text(rows), encoding="utf-8", newline="\n")
    _say(f"{REGIONS.name}: {len(rows)} regions, {sum(not row['geonames_id'] for row in rows)} coordinates by hand")
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
