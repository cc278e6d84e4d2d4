"""Contains all the data models used in inputs/outputs"""

from .activity import Activity
from .activity_failure_groups_item import ActivityFailureGroupsItem
from .activity_failure_groups_item_jobs_item import ActivityFailureGroupsItemJobsItem
from .activity_intervals_item import ActivityIntervalsItem
from .alarm import Alarm
from .alarm_status import AlarmStatus
from .attention import Attention
from .batch_request import BatchRequest
from .batch_request_on_item_failure_type_0 import BatchRequestOnItemFailureType0
from .batch_request_on_item_failure_type_1 import BatchRequestOnItemFailureType1
from .batch_request_on_item_failure_type_1_tolerate import (
    BatchRequestOnItemFailureType1Tolerate,
)
from .batch_request_on_item_failure_type_2 import BatchRequestOnItemFailureType2
from .batch_request_on_item_failure_type_2_tolerate import (
    BatchRequestOnItemFailureType2Tolerate,
)
from .batch_request_outcomes import BatchRequestOutcomes
from .bulk_operation import BulkOperation
from .bulk_operation_criteria import BulkOperationCriteria
from .bulk_operation_links import BulkOperationLinks
from .bulk_operation_status import BulkOperationStatus
from .bulk_operation_verb import BulkOperationVerb
from .cancel_jobs_response_200 import CancelJobsResponse200
from .cancel_jobs_response_202 import CancelJobsResponse202
from .cost import Cost
from .cost_prices import CostPrices
from .cost_services import CostServices
from .cost_services_dynamodb import CostServicesDynamodb
from .cost_services_dynamodb_additional_property import (
    CostServicesDynamodbAdditionalProperty,
)
from .cost_services_lambda import CostServicesLambda
from .cost_services_lambda_additional_property import (
    CostServicesLambdaAdditionalProperty,
)
from .cost_services_s3 import CostServicesS3
from .cost_services_s3_additional_property import CostServicesS3AdditionalProperty
from .cost_services_sqs import CostServicesSqs
from .cost_services_sqs_additional_property import CostServicesSqsAdditionalProperty
from .cost_services_states import CostServicesStates
from .cost_services_states_additional_property import (
    CostServicesStatesAdditionalProperty,
)
from .count_jobs_status_item import CountJobsStatusItem
from .count_jobs_status_type import CountJobsStatusType
from .delete_jobs_response_200 import DeleteJobsResponse200
from .delete_jobs_response_202 import DeleteJobsResponse202
from .expiry_patch import ExpiryPatch
from .expiry_policies import ExpiryPolicies
from .failure import Failure
from .failure_group import FailureGroup
from .failure_summary import FailureSummary
from .final_expiry_policy import FinalExpiryPolicy
from .get_job_stats_status_item import GetJobStatsStatusItem
from .get_job_stats_status_type import GetJobStatsStatusType
from .get_open_api_response_200 import GetOpenApiResponse200
from .health import Health
from .history_entry import HistoryEntry
from .history_entry_verb import HistoryEntryVerb
from .item import Item
from .item_attempt import ItemAttempt
from .item_detail import ItemDetail
from .item_detail_outcome import ItemDetailOutcome
from .item_outcome import ItemOutcome
from .item_part import ItemPart
from .item_part_properties import ItemPartProperties
from .item_part_type import ItemPartType
from .job import Job
from .job_items import JobItems
from .job_labels import JobLabels
from .job_links import JobLinks
from .job_patch import JobPatch
from .job_patch_labels_type_0 import JobPatchLabelsType0
from .job_stats import JobStats
from .job_stats_by_status import JobStatsByStatus
from .job_stats_oldest_waiting_type_0 import JobStatsOldestWaitingType0
from .job_status import JobStatus
from .job_type import JobType
from .job_type_configuration import JobTypeConfiguration
from .job_type_constants import JobTypeConstants
from .job_type_parameters_schema import JobTypeParametersSchema
from .job_type_request import JobTypeRequest
from .job_type_request_configuration import JobTypeRequestConfiguration
from .job_type_request_constants import JobTypeRequestConstants
from .job_type_request_parameters_schema import JobTypeRequestParametersSchema
from .job_type_scope import JobTypeScope
from .job_type_summary import JobTypeSummary
from .job_type_summary_scope import JobTypeSummaryScope
from .list_failures_group_by import ListFailuresGroupBy
from .list_items_outcome import ListItemsOutcome
from .list_items_parts import ListItemsParts
from .list_jobs_status_item import ListJobsStatusItem
from .list_jobs_status_type import ListJobsStatusType
from .live_expiry_policy import LiveExpiryPolicy
from .live_expiry_policy_operation import LiveExpiryPolicyOperation
from .no_body import NoBody
from .part import Part
from .part_properties import PartProperties
from .part_type import PartType
from .partition import Partition
from .partition_defaults import PartitionDefaults
from .partition_request import PartitionRequest
from .partition_request_defaults import PartitionRequestDefaults
from .pause_jobs_response_200 import PauseJobsResponse200
from .pause_jobs_response_202 import PauseJobsResponse202
from .problem import Problem
from .problem_errors_item import ProblemErrorsItem
from .queue import Queue
from .resubmit_request import ResubmitRequest
from .result_part import ResultPart
from .resume_jobs_response_200 import ResumeJobsResponse200
from .resume_jobs_response_202 import ResumeJobsResponse202
from .retry_job_response_202 import RetryJobResponse202
from .retry_jobs_response_200 import RetryJobsResponse200
from .retry_jobs_response_202 import RetryJobsResponse202
from .retry_request import RetryRequest
from .retry_request_filter import RetryRequestFilter
from .retry_request_patch import RetryRequestPatch
from .slow_chunk import SlowChunk
from .splitter import Splitter
from .splitter_definition import SplitterDefinition
from .stored_upload import StoredUpload
from .task import Task
from .task_items import TaskItems
from .task_kind import TaskKind
from .task_state import TaskState
from .template import Template
from .template_flow_item import TemplateFlowItem
from .template_parameters_schema import TemplateParametersSchema
from .template_request import TemplateRequest
from .template_request_flow_item import TemplateRequestFlowItem
from .template_request_parameters_schema import TemplateRequestParametersSchema
from .template_request_steps_item import TemplateRequestStepsItem
from .template_request_steps_item_on_item_failure_type_0 import (
    TemplateRequestStepsItemOnItemFailureType0,
)
from .template_request_steps_item_on_item_failure_type_1 import (
    TemplateRequestStepsItemOnItemFailureType1,
)
from .template_request_steps_item_on_item_failure_type_1_tolerate import (
    TemplateRequestStepsItemOnItemFailureType1Tolerate,
)
from .template_request_steps_item_on_item_failure_type_2 import (
    TemplateRequestStepsItemOnItemFailureType2,
)
from .template_request_steps_item_on_item_failure_type_2_tolerate import (
    TemplateRequestStepsItemOnItemFailureType2Tolerate,
)
from .template_request_steps_item_on_no_parts import TemplateRequestStepsItemOnNoParts
from .template_request_steps_item_parameters import TemplateRequestStepsItemParameters
from .template_scope import TemplateScope
from .template_steps_item import TemplateStepsItem
from .template_steps_item_on_item_failure_type_0 import (
    TemplateStepsItemOnItemFailureType0,
)
from .template_steps_item_on_item_failure_type_1 import (
    TemplateStepsItemOnItemFailureType1,
)
from .template_steps_item_on_item_failure_type_1_tolerate import (
    TemplateStepsItemOnItemFailureType1Tolerate,
)
from .template_steps_item_on_item_failure_type_2 import (
    TemplateStepsItemOnItemFailureType2,
)
from .template_steps_item_on_item_failure_type_2_tolerate import (
    TemplateStepsItemOnItemFailureType2Tolerate,
)
from .template_steps_item_on_no_parts import TemplateStepsItemOnNoParts
from .template_steps_item_parameters import TemplateStepsItemParameters
from .template_summary import TemplateSummary
from .template_summary_scope import TemplateSummaryScope
from .unroutable_message import UnroutableMessage
from .unroutable_messages_request import UnroutableMessagesRequest
from .unroutable_messages_result import UnroutableMessagesResult
from .unroutable_messages_result_kept_item import UnroutableMessagesResultKeptItem
from .upload import Upload
from .upload_headers import UploadHeaders
from .upload_request import UploadRequest
from .worker import Worker
from .worker_parameters import WorkerParameters

__all__ = (
    "Activity",
    "ActivityFailureGroupsItem",
    "ActivityFailureGroupsItemJobsItem",
    "ActivityIntervalsItem",
    "Alarm",
    "AlarmStatus",
    "Attention",
    "BatchRequest",
    "BatchRequestOnItemFailureType0",
    "BatchRequestOnItemFailureType1",
    "BatchRequestOnItemFailureType1Tolerate",
    "BatchRequestOnItemFailureType2",
    "BatchRequestOnItemFailureType2Tolerate",
    "BatchRequestOutcomes",
    "BulkOperation",
    "BulkOperationCriteria",
    "BulkOperationLinks",
    "BulkOperationStatus",
    "BulkOperationVerb",
    "CancelJobsResponse200",
    "CancelJobsResponse202",
    "Cost",
    "CostPrices",
    "CostServices",
    "CostServicesDynamodb",
    "CostServicesDynamodbAdditionalProperty",
    "CostServicesLambda",
    "CostServicesLambdaAdditionalProperty",
    "CostServicesS3",
    "CostServicesS3AdditionalProperty",
    "CostServicesSqs",
    "CostServicesSqsAdditionalProperty",
    "CostServicesStates",
    "CostServicesStatesAdditionalProperty",
    "CountJobsStatusItem",
    "CountJobsStatusType",
    "DeleteJobsResponse200",
    "DeleteJobsResponse202",
    "ExpiryPatch",
    "ExpiryPolicies",
    "Failure",
    "FailureGroup",
    "FailureSummary",
    "FinalExpiryPolicy",
    "GetJobStatsStatusItem",
    "GetJobStatsStatusType",
    "GetOpenApiResponse200",
    "Health",
    "HistoryEntry",
    "HistoryEntryVerb",
    "Item",
    "ItemAttempt",
    "ItemDetail",
    "ItemDetailOutcome",
    "ItemOutcome",
    "ItemPart",
    "ItemPartProperties",
    "ItemPartType",
    "Job",
    "JobItems",
    "JobLabels",
    "JobLinks",
    "JobPatch",
    "JobPatchLabelsType0",
    "JobStats",
    "JobStatsByStatus",
    "JobStatsOldestWaitingType0",
    "JobStatus",
    "JobType",
    "JobTypeConfiguration",
    "JobTypeConstants",
    "JobTypeParametersSchema",
    "JobTypeRequest",
    "JobTypeRequestConfiguration",
    "JobTypeRequestConstants",
    "JobTypeRequestParametersSchema",
    "JobTypeScope",
    "JobTypeSummary",
    "JobTypeSummaryScope",
    "ListFailuresGroupBy",
    "ListItemsOutcome",
    "ListItemsParts",
    "ListJobsStatusItem",
    "ListJobsStatusType",
    "LiveExpiryPolicy",
    "LiveExpiryPolicyOperation",
    "NoBody",
    "Part",
    "Partition",
    "PartitionDefaults",
    "PartitionRequest",
    "PartitionRequestDefaults",
    "PartProperties",
    "PartType",
    "PauseJobsResponse200",
    "PauseJobsResponse202",
    "Problem",
    "ProblemErrorsItem",
    "Queue",
    "ResubmitRequest",
    "ResultPart",
    "ResumeJobsResponse200",
    "ResumeJobsResponse202",
    "RetryJobResponse202",
    "RetryJobsResponse200",
    "RetryJobsResponse202",
    "RetryRequest",
    "RetryRequestFilter",
    "RetryRequestPatch",
    "SlowChunk",
    "Splitter",
    "SplitterDefinition",
    "StoredUpload",
    "Task",
    "TaskItems",
    "TaskKind",
    "TaskState",
    "Template",
    "TemplateFlowItem",
    "TemplateParametersSchema",
    "TemplateRequest",
    "TemplateRequestFlowItem",
    "TemplateRequestParametersSchema",
    "TemplateRequestStepsItem",
    "TemplateRequestStepsItemOnItemFailureType0",
    "TemplateRequestStepsItemOnItemFailureType1",
    "TemplateRequestStepsItemOnItemFailureType1Tolerate",
    "TemplateRequestStepsItemOnItemFailureType2",
    "TemplateRequestStepsItemOnItemFailureType2Tolerate",
    "TemplateRequestStepsItemOnNoParts",
    "TemplateRequestStepsItemParameters",
    "TemplateScope",
    "TemplateStepsItem",
    "TemplateStepsItemOnItemFailureType0",
    "TemplateStepsItemOnItemFailureType1",
    "TemplateStepsItemOnItemFailureType1Tolerate",
    "TemplateStepsItemOnItemFailureType2",
    "TemplateStepsItemOnItemFailureType2Tolerate",
    "TemplateStepsItemOnNoParts",
    "TemplateStepsItemParameters",
    "TemplateSummary",
    "TemplateSummaryScope",
    "UnroutableMessage",
    "UnroutableMessagesRequest",
    "UnroutableMessagesResult",
    "UnroutableMessagesResultKeptItem",
    "Upload",
    "UploadHeaders",
    "UploadRequest",
    "Worker",
    "WorkerParameters",
)
