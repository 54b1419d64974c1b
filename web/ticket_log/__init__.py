"""The page "Nhật ký lượt": every ticket with its story, and the proof of the log."""
