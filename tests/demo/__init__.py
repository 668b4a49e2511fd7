"""The demo: drawn from a seed, plainly invented, true to the rules of the rooms."""
