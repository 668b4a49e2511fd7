"""The worker that leads, its clock and its alarms."""
