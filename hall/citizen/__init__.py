"""What a citizen is offered and shown."""
