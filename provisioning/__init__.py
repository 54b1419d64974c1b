"""A site's accounts and what else it keeps beside its log."""
