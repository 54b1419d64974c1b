"""The counter window: what an officer sees and presses, as a window and as a bar."""
