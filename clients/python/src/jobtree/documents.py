"""Documents with versions: templates and job types, of a partition or global."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any, Generic, TypeVar, cast

from .generated.client import AuthenticatedClient
from .generated.types import UNSET
from .ids import checked
from .paging import entries
from .raw import raw

View = TypeVar("View")
Summary = TypeVar("Summary")


class Documents(Generic[View, Summary]):
    def __init__(
        self,
        client: AuthenticatedClient,
        partition: str | None,
        view: type[View],
        body: type[Any],
        modules: Mapping[str, ModuleType],
    ) -> None:
        self._key: dict[str, Any] = {"client": client, **({} if partition is None else {"p": partition})}
        self._view = view
        self._body = body
        self._modules: Mapping[str, Any] = modules

    def list(self) -> list[Summary]:
        return cast("list[Summary]", self._modules["list"].sync(**self._key))

    def get(self, name: str) -> View:
        return cast(View, self._modules["get"].sync(**self._key, name=checked(name)))

    def get_changed(self, name: str, etag: str | None = None) -> tuple[View, str | None] | None:
        """Returns the document and its ETag, or None if it still has the given ETag."""
        response = self._modules["get"].sync_detailed(
            **self._key, name=checked(name), if_none_match=UNSET if etag is None else etag
        )
        if response.status_code == 304:
            return None
        return cast(View, response.parsed), response.headers.get("etag")

    def put(self, name: str, document: Mapping[str, Any], *, if_match: str | None = None) -> View:
        """Creates the document, or a new version of it."""
        put = self._modules["put"].sync(
            **self._key,
            name=checked(name),
            body=raw(self._body, document),
            if_match=UNSET if if_match is None else if_match,
        )
        return cast(View, put)

    def delete(self, name: str, *, if_match: str | None = None) -> None:
        self._modules["delete"].sync_detailed(
            **self._key, name=checked(name), if_match=UNSET if if_match is None else if_match
        )

    def versions(self, name: str, *, limit: int | None = None) -> Iterator[View]:
        """All versions of the document, newest first."""
        return entries(
            self._modules["versions"].sync_detailed, self._view, limit, **self._key, name=checked(name)
        )
