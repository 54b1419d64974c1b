"""Prove that the log is whole and replays to the tables."""

from queue_service.verify.check import Verdict, check_at_start, verify

__all__ = ["Verdict", "check_at_start", "verify"]
