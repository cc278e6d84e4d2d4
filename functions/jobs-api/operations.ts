/** The handler of each operation of the route table. An operation without a handler does not compile. */
import type { Operation } from '#contract/routes.ts';
import type { OperationHandler } from './request.ts';
import { getActivity } from './routes/activity.ts';
import {
  cancelJobs,
  deleteJobs,
  getBulkOperation,
  pauseJobs,
  resumeJobs,
  retryJobs,
} from './routes/bulk-actions.ts';
import { listFailures } from './routes/failures.ts';
import { getItem } from './routes/item.ts';
import { getResult, listItems } from './routes/items.ts';
import { cancelJob, pauseJob, resumeJob } from './routes/job-control.ts';
import { getCost, getRequest, listHistory, listTasks } from './routes/job-details.ts';
import { countJobs, getJobStats } from './routes/job-statistics.ts';
import { getJobStatus, isJobActive } from './routes/job-status.ts';
import {
  deleteJobType,
  deletePartitionJobType,
  getJobType,
  getPartitionJobType,
  listJobTypes,
  listJobTypeVersions,
  listPartitionJobTypes,
  listPartitionJobTypeVersions,
  putJobType,
  putPartitionJobType,
} from './routes/job-types.ts';
import { createJob, deleteJob, editJob, getJob, putJob } from './routes/jobs.ts';
import { listJobs } from './routes/list-jobs.ts';
import { getPartition, putPartition } from './routes/partitions.ts';
import {
  deleteUnroutableMessages,
  listAlarms,
  listQueues,
  listUnroutableMessages,
  redriveUnroutableMessages,
} from './routes/queues.ts';
import { resubmitJob } from './routes/resubmit-job.ts';
import { retryJob } from './routes/retry-job.ts';
import { getHealth, getOpenApi, listSplitters, listWorkers } from './routes/service.ts';
import {
  deletePartitionTemplate,
  deleteTemplate,
  getPartitionTemplate,
  getTemplate,
  listPartitionTemplates,
  listPartitionTemplateVersions,
  listTemplates,
  listTemplateVersions,
  putPartitionTemplate,
  putTemplate,
} from './routes/templates.ts';
import { createUpload, deleteUpload, listUploads } from './routes/uploads.ts';

export const OPERATIONS: { readonly [O in Operation]: OperationHandler<O> } = {
  putJob,
  createJob,
  getJob,
  editJob,
  listJobs,
  deleteJob,
  getJobStatus,
  isJobActive,
  cancelJob,
  pauseJob,
  resumeJob,
  retryJob,
  resubmitJob,
  cancelJobs,
  deleteJobs,
  pauseJobs,
  resumeJobs,
  retryJobs,
  getBulkOperation,
  countJobs,
  getJobStats,
  getActivity,
  listItems,
  getItem,
  listFailures,
  listHistory,
  listTasks,
  getResult,
  getRequest,
  getCost,
  getPartition,
  putPartition,
  createUpload,
  listUploads,
  deleteUpload,
  listSplitters,
  listWorkers,
  listQueues,
  listAlarms,
  listUnroutableMessages,
  redriveUnroutableMessages,
  deleteUnroutableMessages,
  listJobTypes,
  listPartitionJobTypes,
  getJobType,
  getPartitionJobType,
  putJobType,
  putPartitionJobType,
  deleteJobType,
  deletePartitionJobType,
  listJobTypeVersions,
  listPartitionJobTypeVersions,
  listTemplates,
  listPartitionTemplates,
  getTemplate,
  getPartitionTemplate,
  putTemplate,
  putPartitionTemplate,
  deleteTemplate,
  deletePartitionTemplate,
  listTemplateVersions,
  listPartitionTemplateVersions,
  getHealth,
  getOpenApi,
};
