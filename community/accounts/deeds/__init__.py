"""The deeds behind the door; `service.py` says which of them others may ask for."""
