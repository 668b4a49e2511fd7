"""What is done with chapters: finding one's way to it, proposing, living, showing. The door is `service.py`."""
