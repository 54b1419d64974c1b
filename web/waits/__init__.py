"""The page "Thời gian chờ": how long people waited in a period, and for what."""
