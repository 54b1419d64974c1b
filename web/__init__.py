"""The managers' live view and the exports."""
