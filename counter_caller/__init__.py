"""What staff call with: the counter window and the bridge for keypads and buttons."""
