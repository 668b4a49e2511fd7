"""What may stand in the way of filling the demo."""

from __future__ import annotations

from community.kit.errors import Conflict


class NotADemoDatabase(Conflict):
    """The database holds rows that are not the demo's."""

    code = "not_a_demo_database"
