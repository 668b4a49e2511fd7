"""Rangers: spells in a chapter, profile (topics, languages, home, turns), leaves."""
