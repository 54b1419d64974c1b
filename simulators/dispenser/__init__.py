"""A box of push-buttons that is not there."""
