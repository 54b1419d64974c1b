"""Prove that the log is whole and replays to the tables."""

from queue_service.verify.check import Verdict, verify

__all__ = ["Verdict", "verify"]
