"""Benchmarks, each with a named reference in the same run; `make bench`."""
