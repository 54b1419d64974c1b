"""Accounts and what was changed: the pages of administrators."""
