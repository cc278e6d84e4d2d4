"""Client of jobtree, a serverless batch job service."""

from .bulk import BulkOperationHandle, BulkResult, jobs_changed
from .client import Jobtree
from .criteria import quoted
from .documents import Documents
from .errors import (
    ConflictError,
    InvalidRequestError,
    JobtreeError,
    NotAllowedError,
    NotFoundError,
    ServiceError,
    ServiceUnreachableError,
    ThrottledError,
    WaitTimeoutError,
    WrongPart,
)
from .generated import models
from .generated.types import UNSET, Unset
from .job import FINAL_STATUSES, JobHandle
from .transport import Token
from .uploads import Upload, UploadSource

__all__ = [
    "FINAL_STATUSES",
    "UNSET",
    "BulkOperationHandle",
    "BulkResult",
    "ConflictError",
    "Documents",
    "InvalidRequestError",
    "JobHandle",
    "Jobtree",
    "JobtreeError",
    "NotAllowedError",
    "NotFoundError",
    "ServiceError",
    "ServiceUnreachableError",
    "ThrottledError",
    "Token",
    "Unset",
    "Upload",
    "UploadSource",
    "WaitTimeoutError",
    "WrongPart",
    "jobs_changed",
    "models",
    "quoted",
]
