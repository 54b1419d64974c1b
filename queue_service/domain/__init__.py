"""The rules of the queue: plain values and pure functions, nothing but the standard library."""
