"""Knowledge-sharing sessions held at events, with topic and speakers."""
