"""The page "Thiết bị": how every device is, and what a manager can have it do."""
