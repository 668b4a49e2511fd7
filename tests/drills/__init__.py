"""What goes wrong on purpose: robots, a database that is away, servers killed in mid-request."""
