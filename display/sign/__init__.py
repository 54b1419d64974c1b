"""The process of the LED signs above the counters."""
