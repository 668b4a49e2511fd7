"""Telling, sending, reading, stopping: behind the door `service.py`."""
