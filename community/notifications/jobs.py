"""What happens by the clock here."""

from __future__ import annotations

from community.kit.jobs import Schedule
from community.notifications import service

JOBS = (Schedule("deliver", service.deliver, seconds=2),)
