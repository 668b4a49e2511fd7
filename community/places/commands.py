"""`community places find|show`: the gazetteer on the command line, without a database and without a network."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import NoReturn

import click
import msgspec

from community.kit.errors import CommunityError, InvalidInput
from community.kit.i18n import use_locale
from community.places import service

FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(["json", "table"]),
    default="table",
    show_default=True,
    help="Shape of the answer.",
)
TABLE_COLUMNS = ("code", "name", "province", "seat", "latitude", "longitude", "zone_label")


@click.group()
def places() -> None:
    """Look up provinces, kabupaten and kota."""
    click.get_current_context().with_resource(use_locale("en"))  # operators read English, like every other command


@places.command()
@click.argument("text")
@click.option("--province", metavar="NN", help="Only in the province with this code.")
@click.option("--limit", type=int, default=10, show_default=True, help="At most so many, 1-100.")
@FORMAT
def find(text: str, province: str | None, limit: int, form: str) -> None:
    """Search by name, seat, other name or code."""
    if not _is_text(text):
        raise click.BadParameter("not UTF-8", param_hint="TEXT")
    try:
        found = service.search(text, province, limit)
    except CommunityError as refused:
        _refuse(refused)
    rows = [{**m.region.fields(), "score": m.score, "matched_on": m.matched_on.value} for m in found.matches]
    if form == "json":
        _say_json({"query": text, "matches": rows, "more": found.more})
    else:
        _say_table(rows, (*TABLE_COLUMNS, "score"))


@places.command()
@click.argument("code")
@FORMAT
def show(code: str, form: str) -> None:
    """Show one region by its code, for example 35.71."""
    try:
        fields = service.show(code).fields()
    except CommunityError as refused:
        _refuse(refused)
    if form == "json":
        _say_json(fields)
    else:
        _say_table([fields], TABLE_COLUMNS)


def _is_text(argument: str) -> bool:
    """Bytes that are not UTF-8 arrive as lone surrogates, which cannot be written out again."""
    return not any("\ud800" <= letter <= "\udfff" for letter in argument)


def _refuse(refused: CommunityError) -> NoReturn:
    """Say why on stderr and leave with status 2; stdout stays empty."""
    details = [error.detail for error in refused.errors] if isinstance(refused, InvalidInput) else [refused.words()]
    for detail in details:
        click.echo(detail, err=True)
    sys.exit(2)


def _say_json(answer: Mapping[str, object]) -> None:
    click.echo(msgspec.json.format(msgspec.json.encode(answer), indent=2))


def _say_table(rows: Sequence[Mapping[str, object]], columns: Sequence[str]) -> None:
    lines = [list(columns), *([str(row[column]) for column in columns] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines if rows else ():
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


COMMANDS = (places,)
