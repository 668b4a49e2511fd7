"""Pure rules of events: states, seats, dates, drafts, calendars, share texts, check-in."""
