"""Voices: clip packs, the sentences made of them, and the speech program for all other texts."""
