"""What is done about members: joining and leaving, lists, stores, imports. The door is `service.py`."""
