"""Password hashes: argon2id at the OWASP minimum, two at a time, and never a hint whether an account exists.

The library's default costs several times more memory and time; a flood of sign-ins would then starve everybody else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from community.kit.errors import Unavailable

AT_ONCE, WAITING_MAX = 2, 20
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, hash_len=32, salt_len=16)

_threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="argon2")
_busy = 0
Result = TypeVar("Result")


async def hash_password(password: str) -> str:
    """Raises Unavailable while too many wait."""
    return await _in_thread(lambda: HASHER.hash(password))


async def verify_password(stored: str | None, password: str) -> bool:
    """Without a stored hash a dummy is verified, which takes as long. Raises Unavailable while too many wait."""
    matched = await _in_thread(lambda: verify(stored or dummy(), password))
    return matched and stored is not None


def verify(stored: str, password: str) -> bool:
    try:
        return HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(stored: str) -> bool:
    """Made with other parameters than today's."""
    return HASHER.check_needs_rehash(stored)


@cache
def dummy() -> str:
    return HASHER.hash("nobody's password")


async def _in_thread(work: Callable[[], Result]) -> Result:
    global _busy
    if _busy >= AT_ONCE + WAITING_MAX:
        raise Unavailable(2)
    _busy += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_threads, work)
    finally:
        _busy -= 1
