"""The history of the schema, run at start."""
