"""How `regions.csv` is made and checked: `python -m community.places.build` (`make places`). Not for run time."""
