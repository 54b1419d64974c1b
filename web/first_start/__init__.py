"""The first day of a site, step by step, once there is an administrator."""
