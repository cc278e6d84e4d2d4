/** Which code answers which operation of the route table; one that is missing here does not compile. */
import type { Operation } from '#contract/routes.ts';
import type { OperationHandler } from './request.ts';
import { cancelJob } from './routes/cancel-job.ts';
import { cancelJobs } from './routes/cancel-jobs.ts';
import { countJobs } from './routes/count-jobs.ts';
import { createJob } from './routes/create-job.ts';
import { createUpload } from './routes/create-upload.ts';
import { deleteJob } from './routes/delete-job.ts';
import { deleteJobType } from './routes/delete-job-type.ts';
import { deleteJobs } from './routes/delete-jobs.ts';
import { deletePartitionJobType } from './routes/delete-partition-job-type.ts';
import { deletePartitionTemplate } from './routes/delete-partition-template.ts';
import { deleteTemplate } from './routes/delete-template.ts';
import { editJob } from './routes/edit-job.ts';
import { getBulkOperation } from './routes/get-bulk-operation.ts';
import { getCost } from './routes/get-cost.ts';
import { getHealth } from './routes/get-health.ts';
import { getJob } from './routes/get-job.ts';
import { getJobStats } from './routes/get-job-stats.ts';
import { getJobStatus } from './routes/get-job-status.ts';
import { getJobType } from './routes/get-job-type.ts';
import { getOpenApi } from './routes/get-open-api.ts';
import { getPartition } from './routes/get-partition.ts';
import { getPartitionJobType } from './routes/get-partition-job-type.ts';
import { getPartitionTemplate } from './routes/get-partition-template.ts';
import { getRequest } from './routes/get-request.ts';
import { getResult } from './routes/get-result.ts';
import { getTemplate } from './routes/get-template.ts';
import { isJobActive } from './routes/is-job-active.ts';
import { listFailures } from './routes/list-failures.ts';
import { listHistory } from './routes/list-history.ts';
import { listItems } from './routes/list-items.ts';
import { listJobTypeVersions } from './routes/list-job-type-versions.ts';
import { listJobTypes } from './routes/list-job-types.ts';
import { listJobs } from './routes/list-jobs.ts';
import { listPartitionJobTypeVersions } from './routes/list-partition-job-type-versions.ts';
import { listPartitionJobTypes } from './routes/list-partition-job-types.ts';
import { listPartitionTemplateVersions } from './routes/list-partition-template-versions.ts';
import { listPartitionTemplates } from './routes/list-partition-templates.ts';
import { listSplitters } from './routes/list-splitters.ts';
import { listTasks } from './routes/list-tasks.ts';
import { listTemplateVersions } from './routes/list-template-versions.ts';
import { listTemplates } from './routes/list-templates.ts';
import { listWorkers } from './routes/list-workers.ts';
import { pauseJob } from './routes/pause-job.ts';
import { pauseJobs } from './routes/pause-jobs.ts';
import { putJob } from './routes/put-job.ts';
import { putJobType } from './routes/put-job-type.ts';
import { putPartition } from './routes/put-partition.ts';
import { putPartitionJobType } from './routes/put-partition-job-type.ts';
import { putPartitionTemplate } from './routes/put-partition-template.ts';
import { putTemplate } from './routes/put-template.ts';
import { resubmitJob } from './routes/resubmit-job.ts';
import { resumeJob } from './routes/resume-job.ts';
import { resumeJobs } from './routes/resume-jobs.ts';
import { retryJob } from './routes/retry-job.ts';
import { retryJobs } from './routes/retry-jobs.ts';

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
  listItems,
  listFailures,
  listHistory,
  listTasks,
  getResult,
  getRequest,
  getCost,
  getPartition,
  putPartition,
  createUpload,
  listSplitters,
  listWorkers,
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
