"""The bridge for keypads and buttons: each press becomes one ordinary command."""
