"""The only writer: numbers, who is next, and the log of every wait."""
