"""The ground: clock, database, errors, geography, web, limits, job slots. Knows no room."""
