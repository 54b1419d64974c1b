"""The page "Lịch hẹn": seats that officers and managers keep for people."""
