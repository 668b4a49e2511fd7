"""Demo data from a seed and the demo start page; everything in it is invented and says so."""
