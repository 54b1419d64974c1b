"""The officer's counter in any browser: the window's desk, drawn as a page."""
