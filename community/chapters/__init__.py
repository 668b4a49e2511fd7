"""Chapters (komunitas kota), their regions, names and states; the curriculum's topics."""
