from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.history_entry_verb import HistoryEntryVerb, check_history_entry_verb
from ..models.job_status import JobStatus, check_job_status
from ..types import UNSET, Unset

T = TypeVar("T", bound="HistoryEntry")


@_attrs_define
class HistoryEntry:
    version: int
    """ Version of the job after this change. """
    time: int
    """ Time of the change, in milliseconds since 1970. """
    verb: HistoryEntryVerb
    actor: str
    """ The sub of the token that made the request, or `system`. """
    from_: JobStatus | Unset = UNSET
    """ Completed, Failed, Cancelled and Expired are final. """
    to: JobStatus | Unset = UNSET
    """ Completed, Failed, Cancelled and Expired are final. """
    reason: str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        version = self.version

        time = self.time

        verb: str = self.verb

        actor = self.actor

        from_: str | Unset = UNSET
        if not isinstance(self.from_, Unset):
            from_ = self.from_

        to: str | Unset = UNSET
        if not isinstance(self.to, Unset):
            to = self.to

        reason = self.reason

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "version": version,
                "time": time,
                "verb": verb,
                "actor": actor,
            }
        )
        if from_ is not UNSET:
            field_dict["from"] = from_
        if to is not UNSET:
            field_dict["to"] = to
        if reason is not UNSET:
            field_dict["reason"] = reason

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        version = d.pop("version")

        time = d.pop("time")

        verb = check_history_entry_verb(d.pop("verb"))

        actor = d.pop("actor")

        _from_ = d.pop("from", UNSET)
        from_: JobStatus | Unset
        if isinstance(_from_, Unset):
            from_ = UNSET
        else:
            from_ = check_job_status(_from_)

        _to = d.pop("to", UNSET)
        to: JobStatus | Unset
        if isinstance(_to, Unset):
            to = UNSET
        else:
            to = check_job_status(_to)

        reason = d.pop("reason", UNSET)

        history_entry = cls(
            version=version,
            time=time,
            verb=verb,
            actor=actor,
            from_=from_,
            to=to,
            reason=reason,
        )

        return history_entry
