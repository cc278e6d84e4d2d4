"""Request bodies as the caller wrote them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

T = TypeVar("T")


def raw(model: type[T], body: Mapping[str, Any]) -> T:
    """Returns a body for a generated function, with unknown members, so that the service refuses them."""

    class Raw(model):  # type: ignore[misc, valid-type]
        def to_dict(self) -> dict[str, Any]:
            return dict(body)

    return cast(T, Raw.__new__(Raw))
