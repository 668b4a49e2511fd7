"""The promises that hold for every route and every role."""
