"""Puts a newer release in the place of the one that runs, and back when it does not work."""
