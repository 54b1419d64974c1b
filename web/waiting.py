"""Waiting for what is wanted, and never past the end of the server."""

import asyncio
from collections.abc import Awaitable
from contextlib import suppress


async def first_of(wanted: Awaitable[object], stopping: asyncio.Event, timeout_s: float) -> None:
    """Return once `wanted` is there, the server stops, or the time is over."""
    tasks = [asyncio.ensure_future(wanted), asyncio.ensure_future(stopping.wait())]
    try:
        await asyncio.wait(tasks, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
