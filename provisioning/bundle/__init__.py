"""The stick: our two Debian packages and all they need, as a signed apt repository."""
