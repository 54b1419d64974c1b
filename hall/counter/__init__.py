"""What a counter shows and allows."""
