"""What a service offers, and its queues. These calls need no partition."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from .generated.api.queues import (
    delete_unroutable_messages,
    list_alarms,
    list_queues,
    list_unroutable_messages,
    redrive_unroutable_messages,
)
from .generated.api.service import get_health, list_splitters, list_workers
from .generated.client import AuthenticatedClient
from .generated.models import (
    Alarm,
    Health,
    Queue,
    Splitter,
    UnroutableMessage,
    UnroutableMessagesRequest,
    UnroutableMessagesResult,
    Worker,
)


class Service:
    _client: AuthenticatedClient

    def splitters(self) -> list[Splitter]:
        return cast("list[Splitter]", list_splitters.sync(client=self._client))

    def workers(self) -> list[Worker]:
        return cast("list[Worker]", list_workers.sync(client=self._client))

    def health(self) -> Health:
        return cast(Health, get_health.sync(client=self._client))

    def queues(self) -> list[Queue]:
        """The depths of all queues of the service, up to 10 seconds old."""
        return cast("list[Queue]", list_queues.sync(client=self._client))

    def alarms(self) -> list[Alarm]:
        """The CloudWatch alarms of the service, raised ones first, up to a minute old."""
        return cast("list[Alarm]", list_alarms.sync(client=self._client))

    def unroutable_messages(self) -> list[UnroutableMessage]:
        """Messages that no handler accepted. Needs an admin of all partitions."""
        return cast("list[UnroutableMessage]", list_unroutable_messages.sync(client=self._client))

    def redrive_unroutable(self, ids: Iterable[str]) -> UnroutableMessagesResult:
        """Sends unroutable messages unchanged to the queues that they came from."""
        body = UnroutableMessagesRequest(ids=list(ids))
        result = redrive_unroutable_messages.sync(client=self._client, body=body)
        return cast(UnroutableMessagesResult, result)

    def delete_unroutable(self, ids: Iterable[str]) -> UnroutableMessagesResult:
        body = UnroutableMessagesRequest(ids=list(ids))
        result = delete_unroutable_messages.sync(client=self._client, body=body)
        return cast(UnroutableMessagesResult, result)
