"""What a board shows and acknowledges, without a screen: pure functions for Qt and the web."""
