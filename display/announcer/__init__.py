"""The loudspeaker of the hall: speaks every call in order, and says so only when it was heard."""
