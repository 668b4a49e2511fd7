"""Tests of rangers."""
