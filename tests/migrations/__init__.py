"""Migrations forwards and backwards, constraints and locks, on both PostgreSQL versions of the wheel."""
