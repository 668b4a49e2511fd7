"""The first page of each role, and what stands in the footer."""
