"""People, how they sign in, what roles they hold (role spells), what they consented to."""
