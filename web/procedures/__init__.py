"""Procedures: what a person needs for a matter, kept by administrators and shown to everybody."""
