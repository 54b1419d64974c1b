"""The simulated printer's tray: the newest papers, as they lie in the citizen's hand."""
