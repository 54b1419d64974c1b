"""Getting in: login, first start, one-time links, one's own account."""
