from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.batch_request_on_item_failure_type_0 import (
    BatchRequestOnItemFailureType0,
    check_batch_request_on_item_failure_type_0,
)
from ..models.batch_request_outcomes import (
    BatchRequestOutcomes,
    check_batch_request_outcomes,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.batch_request_on_item_failure_type_1 import (
        BatchRequestOnItemFailureType1,
    )
    from ..models.batch_request_on_item_failure_type_2 import (
        BatchRequestOnItemFailureType2,
    )


T = TypeVar("T", bound="BatchRequest")


@_attrs_define
class BatchRequest:
    splitter: str
    definition: Any
    """ The input to split. It must match the schema of the splitter (GET /splitters). """
    worker: str
    parameters: Any | Unset = UNSET
    """ Parameters of the worker. They must match its schema (GET /workers). """
    pipeline: list[str] | Unset = UNSET
    """ Workers that process each chunk afterwards, in order. """
    items_per_task: int | Unset = UNSET
    """ Items of a chunk. Default: `itemsPerTask` of the worker (GET /workers). """
    on_item_failure: (
        BatchRequestOnItemFailureType0
        | BatchRequestOnItemFailureType1
        | BatchRequestOnItemFailureType2
        | Unset
    ) = "failIfNoneSucceed"
    """ The effect of failed items on the job. failIfNoneSucceed (default): the job fails at its end if items failed
    and none succeeded. continue: it completes. failAtEnd: it fails at its end if an item failed. failFast: the
    first failed item ends it. {"tolerate": {"count": n}} or {"tolerate": {"percent": n}}: it fails above the limit.
    """
    max_attempts: int | Unset = 3
    outcomes: BatchRequestOutcomes | Unset = "all"
    """ failures stores only the outcomes of chunks in which an item failed. """

    def to_dict(self) -> dict[str, Any]:
        from ..models.batch_request_on_item_failure_type_1 import (
            BatchRequestOnItemFailureType1,
        )

        splitter = self.splitter

        definition = self.definition

        worker = self.worker

        parameters = self.parameters

        pipeline: list[str] | Unset = UNSET
        if not isinstance(self.pipeline, Unset):
            pipeline = self.pipeline

        items_per_task = self.items_per_task

        on_item_failure: dict[str, Any] | str | Unset
        if isinstance(self.on_item_failure, Unset):
            on_item_failure = UNSET
        elif isinstance(self.on_item_failure, str):
            on_item_failure = self.on_item_failure
        elif isinstance(self.on_item_failure, BatchRequestOnItemFailureType1):
            on_item_failure = self.on_item_failure.to_dict()
        else:
            on_item_failure = self.on_item_failure.to_dict()

        max_attempts = self.max_attempts

        outcomes: str | Unset = UNSET
        if not isinstance(self.outcomes, Unset):
            outcomes = self.outcomes

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "splitter": splitter,
                "definition": definition,
                "worker": worker,
            }
        )
        if parameters is not UNSET:
            field_dict["parameters"] = parameters
        if pipeline is not UNSET:
            field_dict["pipeline"] = pipeline
        if items_per_task is not UNSET:
            field_dict["itemsPerTask"] = items_per_task
        if on_item_failure is not UNSET:
            field_dict["onItemFailure"] = on_item_failure
        if max_attempts is not UNSET:
            field_dict["maxAttempts"] = max_attempts
        if outcomes is not UNSET:
            field_dict["outcomes"] = outcomes

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.batch_request_on_item_failure_type_1 import (
            BatchRequestOnItemFailureType1,
        )
        from ..models.batch_request_on_item_failure_type_2 import (
            BatchRequestOnItemFailureType2,
        )

        d = dict(src_dict)
        splitter = d.pop("splitter")

        definition = d.pop("definition")

        worker = d.pop("worker")

        parameters = d.pop("parameters", UNSET)

        pipeline = cast(list[str], d.pop("pipeline", UNSET))

        items_per_task = d.pop("itemsPerTask", UNSET)

        def _parse_on_item_failure(
            data: object,
        ) -> (
            BatchRequestOnItemFailureType0
            | BatchRequestOnItemFailureType1
            | BatchRequestOnItemFailureType2
            | Unset
        ):
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                on_item_failure_type_0 = check_batch_request_on_item_failure_type_0(data)

                return on_item_failure_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                on_item_failure_type_1 = BatchRequestOnItemFailureType1.from_dict(data)

                return on_item_failure_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            on_item_failure_type_2 = BatchRequestOnItemFailureType2.from_dict(data)

            return on_item_failure_type_2

        on_item_failure = _parse_on_item_failure(d.pop("onItemFailure", UNSET))

        max_attempts = d.pop("maxAttempts", UNSET)

        _outcomes = d.pop("outcomes", UNSET)
        outcomes: BatchRequestOutcomes | Unset
        if isinstance(_outcomes, Unset):
            outcomes = UNSET
        else:
            outcomes = check_batch_request_outcomes(_outcomes)

        batch_request = cls(
            splitter=splitter,
            definition=definition,
            worker=worker,
            parameters=parameters,
            pipeline=pipeline,
            items_per_task=items_per_task,
            on_item_failure=on_item_failure,
            max_attempts=max_attempts,
            outcomes=outcomes,
        )

        return batch_request
