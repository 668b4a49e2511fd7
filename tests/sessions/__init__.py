"""Knowledge-sharing sessions."""
