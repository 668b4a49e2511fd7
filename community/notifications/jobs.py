"""What happens by the clock here."""

from __future__ import annotations

from datetime import time

from community.kit.jobs import Schedule
from community.notifications import service

JOBS = (
    Schedule("notifications.deliver", service.deliver, seconds=2),
    Schedule("notifications.forget_old", service.forget_old, every="day", at=time(3, 40)),
)
