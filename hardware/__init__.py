"""Ports and drivers of the hall's devices, each with a simulated driver that ships."""
