"""What is done about Rangers: terms, profiles, leaves. The door is `service.py`."""
