"""The citizens' touchscreen: touch a service, take a paper number."""
