"""Who did what to which object, and who looked: written in the deed's transaction, sealed in a chain afterwards."""
