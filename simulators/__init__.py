"""What stands in for devices, and the day that is played through a running centre."""
