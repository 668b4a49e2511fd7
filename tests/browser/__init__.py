"""Journeys and page rules in a real browser."""
