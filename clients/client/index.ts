/** The client of the HTTP API, for Node and browsers. */
export { ExactNumber } from '#core/json/exact-number.ts';
export { parseJson } from '#core/json/parse-json.ts';
export {
  type BulkCriteria,
  BulkOperationHandle,
  type BulkOptions,
  type BulkResult,
  type BulkVerb,
  jobsChanged,
} from './bulk.ts';
export type { components, operations, paths } from './contract.ts';
export type { DocumentChangeOptions, Documents } from './documents.ts';
export {
  ConflictError,
  ConnectionError,
  InvalidRequestError,
  JobtreeError,
  NotAllowedError,
  NotFoundError,
  ServiceError,
  ThrottledError,
  WaitTimeoutError,
  type WrongPart,
} from './errors.ts';
export { type JobCriteria, type JobQuery, quoted } from './job-criteria.ts';
export {
  type ChangeOptions,
  type ItemListOptions,
  JobHandle,
  type ResubmitOptions,
  type Retried,
} from './job-handle.ts';
export {
  type CreateOptions,
  type JobListOptions,
  Jobtree,
  type JobtreeOptions,
  type SettingsOptions,
} from './jobtree.ts';
export { List, type ListOptions, type Page } from './list.ts';
export type { CallOptions, TokenSource } from './transport.ts';
export * from './types.ts';
export type { Upload, UploadOptions, UploadSource } from './upload.ts';
export type { DoneOptions, Versioned, WatchOptions } from './watch.ts';
