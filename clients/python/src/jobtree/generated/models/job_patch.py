from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.expiry_patch import ExpiryPatch
    from ..models.job_patch_labels_type_0 import JobPatchLabelsType0


T = TypeVar("T", bound="JobPatch")


@_attrs_define
class JobPatch:
    """A JSON merge patch of a job (RFC 7396). null removes a member."""

    name: None | str | Unset = UNSET
    description: None | str | Unset = UNSET
    labels: JobPatchLabelsType0 | None | Unset = UNSET
    """ Labels to merge. null removes one label, or all of them. """
    priority: int | None | Unset = UNSET
    """ Can be changed only before the job starts. """
    hidden: bool | None | Unset = UNSET
    expiry: ExpiryPatch | None | Unset = UNSET
    """ Policies by status, merged individually. null removes one policy, or all of them. """

    def to_dict(self) -> dict[str, Any]:
        from ..models.expiry_patch import ExpiryPatch
        from ..models.job_patch_labels_type_0 import JobPatchLabelsType0

        name: None | str | Unset
        if isinstance(self.name, Unset):
            name = UNSET
        else:
            name = self.name

        description: None | str | Unset
        if isinstance(self.description, Unset):
            description = UNSET
        else:
            description = self.description

        labels: dict[str, Any] | None | Unset
        if isinstance(self.labels, Unset):
            labels = UNSET
        elif isinstance(self.labels, JobPatchLabelsType0):
            labels = self.labels.to_dict()
        else:
            labels = self.labels

        priority: int | None | Unset
        if isinstance(self.priority, Unset):
            priority = UNSET
        else:
            priority = self.priority

        hidden: bool | None | Unset
        if isinstance(self.hidden, Unset):
            hidden = UNSET
        else:
            hidden = self.hidden

        expiry: dict[str, Any] | None | Unset
        if isinstance(self.expiry, Unset):
            expiry = UNSET
        elif isinstance(self.expiry, ExpiryPatch):
            expiry = self.expiry.to_dict()
        else:
            expiry = self.expiry

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if name is not UNSET:
            field_dict["name"] = name
        if description is not UNSET:
            field_dict["description"] = description
        if labels is not UNSET:
            field_dict["labels"] = labels
        if priority is not UNSET:
            field_dict["priority"] = priority
        if hidden is not UNSET:
            field_dict["hidden"] = hidden
        if expiry is not UNSET:
            field_dict["expiry"] = expiry

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.expiry_patch import ExpiryPatch
        from ..models.job_patch_labels_type_0 import JobPatchLabelsType0

        d = dict(src_dict)

        def _parse_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        name = _parse_name(d.pop("name", UNSET))

        def _parse_description(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        description = _parse_description(d.pop("description", UNSET))

        def _parse_labels(data: object) -> JobPatchLabelsType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                labels_type_0 = JobPatchLabelsType0.from_dict(data)

                return labels_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(JobPatchLabelsType0 | None | Unset, data)

        labels = _parse_labels(d.pop("labels", UNSET))

        def _parse_priority(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        priority = _parse_priority(d.pop("priority", UNSET))

        def _parse_hidden(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        hidden = _parse_hidden(d.pop("hidden", UNSET))

        def _parse_expiry(data: object) -> ExpiryPatch | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                expiry_type_0 = ExpiryPatch.from_dict(data)

                return expiry_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ExpiryPatch | None | Unset, data)

        expiry = _parse_expiry(d.pop("expiry", UNSET))

        job_patch = cls(
            name=name,
            description=description,
            labels=labels,
            priority=priority,
            hidden=hidden,
            expiry=expiry,
        )

        return job_patch
