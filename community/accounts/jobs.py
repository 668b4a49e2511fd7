"""What the night clears away."""

from __future__ import annotations

from datetime import time

from community.accounts import service
from community.kit.jobs import Schedule

JOBS = (Schedule("accounts.sweep", service.sweep, every="day", at=time(3, 10)),)
