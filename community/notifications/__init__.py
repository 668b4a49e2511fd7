"""Notices (the inbox, written in the deed's transaction) and deliveries (the outbox, sent afterwards)."""
