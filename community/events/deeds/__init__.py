"""What may be done with events, piece by piece; others knock at `service.py`."""
