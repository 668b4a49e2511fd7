"""Checks of the house itself: the ladder, sizes, templates, tables, tools."""
