"""What the clock does to events."""

from __future__ import annotations

from community.events import service
from community.kit.jobs import Schedule

JOBS = (
    Schedule("events.sweep", seconds=30, run=service.sweep),
    Schedule("events.finish_old", seconds=600, run=service.finish_old),
)
