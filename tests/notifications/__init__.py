"""Telling people: notices, mails, the inbox."""
