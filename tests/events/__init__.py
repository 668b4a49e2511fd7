"""Events, RSVPs and check-in."""
