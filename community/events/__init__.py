"""Events (kopdar and its kin), RSVPs through one locked place, check-in."""
