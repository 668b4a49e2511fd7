"""The API as a stranger meets it."""
