"""Reading a chapter's list, and telling who on it is known already. Pure."""
