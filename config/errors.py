"""What can be wrong with a configuration."""


class ConfigError(Exception):
    """A configuration cannot be used; the message names file and path and what would be right."""
