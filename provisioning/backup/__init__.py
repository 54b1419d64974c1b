"""Backups of a site: made beside the running hall, proven, kept in number, and put back."""
