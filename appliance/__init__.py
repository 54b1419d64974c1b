"""The `denluot` command: run, check, simulate and verify the whole centre."""
