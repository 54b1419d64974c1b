"""The screen read out: where the keys are, what is said, and the sound of it."""
