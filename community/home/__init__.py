"""Pages made of several rooms: the start page by role."""
