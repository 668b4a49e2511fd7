"""All tables as one Piccolo app, whose migrations live in the top-level folder."""

from importlib import import_module

from piccolo.conf.apps import AppConfig
from piccolo.table import Table

from community.kit.settings import MIGRATIONS, PACKAGE


def all_tables() -> list[type[Table]]:
    """Every table of every room and of the ground, by module and name."""
    modules = [import_module(f"community.{path.parent.name}.tables") for path in sorted(PACKAGE.glob("*/tables.py"))]
    found = {
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Table) and value.__module__ == module.__name__
    }
    return sorted(found, key=lambda table: (table.__module__, table.__name__))


APP_CONFIG = AppConfig(
    app_name="community",
    migrations_folder_path=str(MIGRATIONS),
    table_classes=all_tables(),
    migration_dependencies=[],
    commands=[],
)
