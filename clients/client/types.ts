/** Short names for the types of the API, which are generated from docs/openapi.json. */
import type { components, operations } from './contract.ts';

type Schemas = components['schemas'];

/** The view of a job. */
export type Job = Schemas['Job'];
export type JobStatus = Schemas['JobStatus'];
/** The body that creates a job. */
export type JobRequest = Schemas['JobRequest'];
export type JobStats = Schemas['JobStats'];
/** The recent work of a partition. */
export type Activity = Schemas['Activity'];
/** A JSON merge patch of a job; null removes a member. */
export type JobPatch = Schemas['JobPatch'];
export type RetryRequest = Schemas['RetryRequest'];
/** The counts of work that does not move, in the view of a job. */
export type Attention = Schemas['Attention'];
export type Item = Schemas['Item'];
/** One item with its attempts, payload and files. */
export type ItemDetail = Schemas['ItemDetail'];
export type ItemAttempt = Schemas['ItemAttempt'];
export type ItemPart = Schemas['ItemPart'];
export type Part = Schemas['Part'];
export type Failure = Schemas['Failure'];
export type FailureGroup = Schemas['FailureGroup'];
export type FailureSummary = Schemas['FailureSummary'];
export type ResultPart = Schemas['ResultPart'];
export type Task = Schemas['Task'];
export type HistoryEntry = Schemas['HistoryEntry'];
export type Cost = Schemas['Cost'];
export type Template = Schemas['Template'];
export type TemplateSummary = Schemas['TemplateSummary'];
export type TemplateRequest = Schemas['TemplateRequest'];
export type JobType = Schemas['JobType'];
export type JobTypeSummary = Schemas['JobTypeSummary'];
export type JobTypeRequest = Schemas['JobTypeRequest'];
export type Splitter = Schemas['Splitter'];
export type Worker = Schemas['Worker'];
/** The settings of a partition. */
export type PartitionSettings = Schemas['Partition'];
export type PartitionSettingsRequest = Schemas['PartitionRequest'];
export type BulkOperation = Schemas['BulkOperation'];
/** The address to which the bytes of an upload are sent. */
export type UploadTicket = Schemas['Upload'];
/** A file that was uploaded. */
export type StoredUpload = Schemas['StoredUpload'];
/** Approximate numbers of messages of a queue. */
export type Queue = Schemas['Queue'];
export type Alarm = Schemas['Alarm'];
/** A message that no handler accepted. */
export type UnroutableMessage = Schemas['UnroutableMessage'];
export type UnroutableMessagesResult = Schemas['UnroutableMessagesResult'];
export type Health = Schemas['Health'];
/** The body of an error (RFC 9457). */
export type Problem = Schemas['Problem'];

type JobsQuery = NonNullable<operations['listJobs']['parameters']['query']>;
export type JobStatusType = NonNullable<JobsQuery['statusType']>;

const FINAL_STATUSES: readonly JobStatus[] = ['Completed', 'Failed', 'Cancelled', 'Expired'];

/** True for a status that never changes, unless the job is retried. */
export function isFinal(status: JobStatus): boolean {
  return FINAL_STATUSES.includes(status);
}
