"""Everybody at once, over HTTP, against two worker processes."""
