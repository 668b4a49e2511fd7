"""The roof: the application as a whole."""
