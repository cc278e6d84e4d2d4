from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.template_request_steps_item_on_item_failure_type_0 import (
    TemplateRequestStepsItemOnItemFailureType0,
    check_template_request_steps_item_on_item_failure_type_0,
)
from ..models.template_request_steps_item_on_no_parts import (
    TemplateRequestStepsItemOnNoParts,
    check_template_request_steps_item_on_no_parts,
)
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.template_request_steps_item_on_item_failure_type_1 import (
        TemplateRequestStepsItemOnItemFailureType1,
    )
    from ..models.template_request_steps_item_on_item_failure_type_2 import (
        TemplateRequestStepsItemOnItemFailureType2,
    )
    from ..models.template_request_steps_item_parameters import (
        TemplateRequestStepsItemParameters,
    )


T = TypeVar("T", bound="TemplateRequestStepsItem")


@_attrs_define
class TemplateRequestStepsItem:
    name: str
    worker: str
    splitter: str | Unset = UNSET
    """ If present, the step splits `definition` into its own items. """
    definition: Any | Unset = UNSET
    input_mime_types: list[str] | Unset = UNSET
    """ MIME types of the parts that the worker receives, such as image/*; empty for all except META. """
    on_no_parts: TemplateRequestStepsItemOnNoParts | Unset = UNSET
    """ What happens with an item that has no part of these types: it gets a note (the default), or fails with no-
    parts. """
    expects_new_part: bool | Unset = False
    """ True if an item fails when the worker creates no new part for it. """
    marks_source_meta: bool | Unset = False
    """ True if the parts that the worker received become META. """
    takes_failed: bool | Unset = False
    """ True if the step also processes items that failed or were skipped in an earlier step. """
    parameters: TemplateRequestStepsItemParameters | Unset = UNSET
    """ Parameters of the worker. "$.parameters.<name>" is replaced by the value from the job. """
    on_item_failure: (
        TemplateRequestStepsItemOnItemFailureType0
        | TemplateRequestStepsItemOnItemFailureType1
        | TemplateRequestStepsItemOnItemFailureType2
        | Unset
    ) = "failIfNoneSucceed"
    """ The effect of failed items on the job. failIfNoneSucceed (default): the job fails at its end if items failed
    and none succeeded. continue: it completes. failAtEnd: it fails at its end if an item failed. failFast: the
    first failed item ends it. {"tolerate": {"count": n}} or {"tolerate": {"percent": n}}: it fails above the limit.
    """
    max_attempts: int | Unset = 3
    timeout_seconds: int | Unset = 86400
    """ The job fails if the step takes longer, without pauses. """
    after: list[str] | Unset = UNSET
    """ Makes the step a join: the last steps of the parallel branches before it. """

    def to_dict(self) -> dict[str, Any]:
        from ..models.template_request_steps_item_on_item_failure_type_1 import (
            TemplateRequestStepsItemOnItemFailureType1,
        )

        name = self.name

        worker = self.worker

        splitter = self.splitter

        definition = self.definition

        input_mime_types: list[str] | Unset = UNSET
        if not isinstance(self.input_mime_types, Unset):
            input_mime_types = self.input_mime_types

        on_no_parts: str | Unset = UNSET
        if not isinstance(self.on_no_parts, Unset):
            on_no_parts = self.on_no_parts

        expects_new_part = self.expects_new_part

        marks_source_meta = self.marks_source_meta

        takes_failed = self.takes_failed

        parameters: dict[str, Any] | Unset = UNSET
        if not isinstance(self.parameters, Unset):
            parameters = self.parameters.to_dict()

        on_item_failure: dict[str, Any] | str | Unset
        if isinstance(self.on_item_failure, Unset):
            on_item_failure = UNSET
        elif isinstance(self.on_item_failure, str):
            on_item_failure = self.on_item_failure
        elif isinstance(self.on_item_failure, TemplateRequestStepsItemOnItemFailureType1):
            on_item_failure = self.on_item_failure.to_dict()
        else:
            on_item_failure = self.on_item_failure.to_dict()

        max_attempts = self.max_attempts

        timeout_seconds = self.timeout_seconds

        after: list[str] | Unset = UNSET
        if not isinstance(self.after, Unset):
            after = self.after

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "worker": worker,
            }
        )
        if splitter is not UNSET:
            field_dict["splitter"] = splitter
        if definition is not UNSET:
            field_dict["definition"] = definition
        if input_mime_types is not UNSET:
            field_dict["inputMimeTypes"] = input_mime_types
        if on_no_parts is not UNSET:
            field_dict["onNoParts"] = on_no_parts
        if expects_new_part is not UNSET:
            field_dict["expectsNewPart"] = expects_new_part
        if marks_source_meta is not UNSET:
            field_dict["marksSourceMeta"] = marks_source_meta
        if takes_failed is not UNSET:
            field_dict["takesFailed"] = takes_failed
        if parameters is not UNSET:
            field_dict["parameters"] = parameters
        if on_item_failure is not UNSET:
            field_dict["onItemFailure"] = on_item_failure
        if max_attempts is not UNSET:
            field_dict["maxAttempts"] = max_attempts
        if timeout_seconds is not UNSET:
            field_dict["timeoutSeconds"] = timeout_seconds
        if after is not UNSET:
            field_dict["after"] = after

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.template_request_steps_item_on_item_failure_type_1 import (
            TemplateRequestStepsItemOnItemFailureType1,
        )
        from ..models.template_request_steps_item_on_item_failure_type_2 import (
            TemplateRequestStepsItemOnItemFailureType2,
        )
        from ..models.template_request_steps_item_parameters import (
            TemplateRequestStepsItemParameters,
        )

        d = dict(src_dict)
        name = d.pop("name")

        worker = d.pop("worker")

        splitter = d.pop("splitter", UNSET)

        definition = d.pop("definition", UNSET)

        input_mime_types = cast(list[str], d.pop("inputMimeTypes", UNSET))

        _on_no_parts = d.pop("onNoParts", UNSET)
        on_no_parts: TemplateRequestStepsItemOnNoParts | Unset
        if isinstance(_on_no_parts, Unset):
            on_no_parts = UNSET
        else:
            on_no_parts = check_template_request_steps_item_on_no_parts(_on_no_parts)

        expects_new_part = d.pop("expectsNewPart", UNSET)

        marks_source_meta = d.pop("marksSourceMeta", UNSET)

        takes_failed = d.pop("takesFailed", UNSET)

        _parameters = d.pop("parameters", UNSET)
        parameters: TemplateRequestStepsItemParameters | Unset
        if isinstance(_parameters, Unset):
            parameters = UNSET
        else:
            parameters = TemplateRequestStepsItemParameters.from_dict(_parameters)

        def _parse_on_item_failure(
            data: object,
        ) -> (
            TemplateRequestStepsItemOnItemFailureType0
            | TemplateRequestStepsItemOnItemFailureType1
            | TemplateRequestStepsItemOnItemFailureType2
            | Unset
        ):
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                on_item_failure_type_0 = check_template_request_steps_item_on_item_failure_type_0(data)

                return on_item_failure_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                on_item_failure_type_1 = TemplateRequestStepsItemOnItemFailureType1.from_dict(data)

                return on_item_failure_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            on_item_failure_type_2 = TemplateRequestStepsItemOnItemFailureType2.from_dict(data)

            return on_item_failure_type_2

        on_item_failure = _parse_on_item_failure(d.pop("onItemFailure", UNSET))

        max_attempts = d.pop("maxAttempts", UNSET)

        timeout_seconds = d.pop("timeoutSeconds", UNSET)

        after = cast(list[str], d.pop("after", UNSET))

        template_request_steps_item = cls(
            name=name,
            worker=worker,
            splitter=splitter,
            definition=definition,
            input_mime_types=input_mime_types,
            on_no_parts=on_no_parts,
            expects_new_part=expects_new_part,
            marks_source_meta=marks_source_meta,
            takes_failed=takes_failed,
            parameters=parameters,
            on_item_failure=on_item_failure,
            max_attempts=max_attempts,
            timeout_seconds=timeout_seconds,
            after=after,
        )

        return template_request_steps_item
