"""Whether each call reaches eyes and ears, and what follows when it does not."""

from queue_service.announcements.watch import Announcements, Patience
from queue_service.announcements.zone import Zone

__all__ = ["Announcements", "Patience", "Zone"]
