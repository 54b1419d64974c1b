"""Pairing: how a box becomes one of a site, by a short code that a person types."""
