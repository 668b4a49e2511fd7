"""Generators of the pages in docs/reference; run by `make docs` and `make graph`."""
