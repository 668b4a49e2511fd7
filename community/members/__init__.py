"""Membership spells, stores (toko), and the import of a chapter's list."""
