from typing import Literal, cast

HistoryEntryVerb = Literal[
    "block",
    "cancel",
    "complete",
    "create",
    "dispatch",
    "edit",
    "expire",
    "fail",
    "pause",
    "recover",
    "restart",
    "resume",
    "retry",
]

HISTORY_ENTRY_VERB_VALUES: set[HistoryEntryVerb] = {
    "block",
    "cancel",
    "complete",
    "create",
    "dispatch",
    "edit",
    "expire",
    "fail",
    "pause",
    "recover",
    "restart",
    "resume",
    "retry",
}


def check_history_entry_verb(value: str) -> HistoryEntryVerb:
    if value in HISTORY_ENTRY_VERB_VALUES:
        return cast(HistoryEntryVerb, value)
    raise TypeError(f"Unexpected value {value!r}. Expected one of {HISTORY_ENTRY_VERB_VALUES!r}")
