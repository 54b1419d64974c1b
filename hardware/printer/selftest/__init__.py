"""The self-test: a page to look at, and what the printer says when it is asked."""
