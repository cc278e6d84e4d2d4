"""Lists of the API as iterators, which request the next page when it is needed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

from .generated.types import UNSET, Response

T = TypeVar("T")

_PAGE_SIZE = 100
_NEXT = re.compile(r'<([^>]*)>\s*;[^,]*\brel="?next"?')


def entries(
    request: Callable[..., Response[Any]], entry: type[T], limit: int | None, **parameters: Any
) -> Iterator[T]:
    """Yields entries of all pages, at most `limit`. `entry` only states their type."""
    left = limit
    cursor: Any = UNSET
    while left is None or left > 0:
        size = _PAGE_SIZE if left is None else min(_PAGE_SIZE, left)
        response = request(limit=size, cursor=cursor, **parameters)
        for one in response.parsed or ():
            yield one
            if left is not None:
                left -= 1
                if left == 0:
                    return
        following = _next_cursor(response.headers.get("link", ""))
        if following is None:
            return
        cursor = following
        # Only the first page can have an offset.
        parameters.pop("offset", None)


def _next_cursor(link: str) -> str | None:
    """The address in the header is relative to the request; only its cursor matters."""
    match = _NEXT.search(link)
    if match is None:
        return None
    return parse_qs(urlsplit(match[1]).query).get("cursor", [None])[0]
