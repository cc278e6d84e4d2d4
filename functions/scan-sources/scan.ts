/**
 * Runs one scan of a source. For each request, the scanner reads and checks it, publishes its files, creates the job
 * and moves the request away. The job id is derived from the content, or a label of the job has its hash. A scan after
 * a crash, or a concurrent scanner, therefore finds the existing job and completes the remaining steps. The scanner
 * moves a request only after its job, or the reason for its refusal, is stored.
 */
import { refusal } from '#contract/problem.ts';
import { JobServiceError } from '#core/errors.ts';
import { mapParallel } from '#core/parallel.ts';
import type { Clock } from '#core/ports.ts';
import { namedFiles, withUrls } from './named-files.ts';
import {
  checkRequest,
  contentHash,
  HASH_LABEL,
  idOfHash,
  type JobRequest,
  readRequest,
  withLabels,
} from './request-file.ts';
import { MAX_REQUEST_BYTES, type NamedFile, type RequestFile, type Source } from './source.ts';

/** The part of a job that the scanner reads. */
export interface ExistingJob {
  readonly labels: Readonly<Record<string, string>>;
}

/** The jobs of one partition. `create` throws a refusal if the body is invalid. */
export interface ScannedJobs {
  /** Returns the number of unfinished jobs. May stop counting at `atMost`. */
  countUnfinished(atMost: number): Promise<number>;
  find(id: string): Promise<ExistingJob | undefined>;
  create(id: string, body: Readonly<Record<string, unknown>>): Promise<'created' | 'exists'>;
}

export interface ScanLimits {
  /** At `high` unfinished jobs of the partition, the scanner stops until there are at most `low`. */
  readonly high: number;
  readonly low: number;
  readonly jobsPerScan: number;
  /** Maximum number of items in one request. */
  readonly maxItems: number;
}

export const DEFAULT_LIMITS: ScanLimits = { high: 100, low: 50, jobsPerScan: 20, maxItems: 10_000 };

/**
 * Result for one request. `same`: its job already exists. `unsettled`: one of its files is still being written. `gone`:
 * another scanner took it first.
 */
export type RequestResult = { readonly request: string } & (
  | { readonly kind: 'created' | 'same'; readonly job: string }
  | { readonly kind: 'refused'; readonly code: string; readonly reason: string }
  | { readonly kind: 'unsettled' | 'gone' }
);

export interface ScanSummary {
  readonly created: number;
  readonly refused: number;
  /** Number of requests in the source, including those that are still being written. */
  readonly found: number;
  /** True if the partition has too many unfinished jobs. */
  readonly isFull: boolean;
}

export interface ScanPorts {
  readonly source: Source;
  readonly jobs: ScannedJobs;
  readonly limits: ScanLimits;
  readonly clock: Pick<Clock, 'now'>;
  /** Called after each request. */
  readonly report: (result: RequestResult) => void;
  /** True if the scan must end. A request in progress is completed. */
  readonly isTimeUp: () => boolean;
}

const PARALLEL_FILES = 4;

export async function scan(ports: ScanPorts): Promise<ScanSummary> {
  const { source, report, isTimeUp } = ports;
  const { requests, unsettled, isFull } = await source.list();
  const counts = { created: 0, refused: 0, found: requests.length + unsettled };
  if (requests.length === 0) return { ...counts, isFull: false };
  const capacity = await capacityFor(ports, isFull);
  if (capacity === 0) return { ...counts, isFull: true };
  for (const request of requests) {
    if (isTimeUp() || counts.created === capacity) break;
    const result = await processRequest(request, ports);
    report(result);
    if (result.kind === 'created' || result.kind === 'refused') counts[result.kind] += 1;
  }
  return { ...counts, isFull: false };
}

/** Returns how many jobs may be created now. The mark shows all scanners of the source that the limit was reached. */
async function capacityFor({ source, jobs, limits }: ScanPorts, isFull: boolean): Promise<number> {
  const { high, low, jobsPerScan } = limits;
  const unfinished = await jobs.countUnfinished(high);
  if (isFull && unfinished > low) return 0;
  if (isFull) await source.unmarkFull();
  if (unfinished < high) return Math.min(jobsPerScan, high - unfinished);
  await source.markFull();
  return 0;
}

async function processRequest(request: RequestFile, ports: ScanPorts): Promise<RequestResult> {
  const { name } = request;
  try {
    const result = await takeRequest(request, ports);
    if ('job' in result) await ports.source.move(request, 'finished');
    return { request: name, ...result };
  } catch (error) {
    if (!isRequestError(error)) throw error;
    await refuse(request, error, ports);
    return { request: name, kind: 'refused', code: error.code, reason: error.message };
  }
}

type Creation = { kind: 'created' | 'same'; job: string } | { kind: 'unsettled' | 'gone' };

async function takeRequest(file: RequestFile, ports: ScanPorts): Promise<Creation> {
  const { source, jobs, limits } = ports;
  checkSize(file);
  const bytes = await source.read(file);
  if (bytes === undefined) return { kind: 'gone' };
  const request = readRequest(file.name, bytes);
  const paths = namedFiles(request.body);
  const foundFiles = await mapParallel(paths, PARALLEL_FILES, async (path) =>
    requireFile(path, await source.find(path)),
  );
  if (foundFiles.includes('unsettled')) return { kind: 'unsettled' };
  const files = foundFiles.filter((one) => one !== 'unsettled');
  const hash = contentHash(request, new Map(files.map((one) => [one.path, one.hash])));
  const job = request.id ?? idOfHash(hash);
  const body = withLabels(request.body, { name: file.name, hash });
  checkRequest(
    withUrls(body, (path) => `upload:${path}`),
    limits.maxItems,
  );
  // Check before uploading: an existing job needs no upload, even if it ended long ago.
  if (await hasJob({ request, job, hash }, jobs)) return { kind: 'same', job };
  const urls = await publishAll(files, source);
  const kind = await jobs.create(
    job,
    withUrls(body, (path) => urls.get(path) ?? path),
  );
  if (kind === 'created') return { kind, job };
  await hasJob({ request, job, hash }, jobs);
  return { kind: 'same', job };
}

function checkSize({ sizeBytes }: RequestFile): void {
  if (sizeBytes <= MAX_REQUEST_BYTES) return;
  throw refusal(
    'too-large',
    `the request has ${sizeBytes} bytes; the limit is ${MAX_REQUEST_BYTES}; if it is a document, move it to a subfolder`,
  );
}

function requireFile(path: string, file: NamedFile | 'missing' | 'unsettled'): NamedFile | 'unsettled' {
  if (file !== 'missing') return file;
  throw refusal(
    'invalid-request',
    `file '${path}' does not exist next to the request; add the file before the request`,
  );
}

/** True if the job of this request exists. Throws a refusal if another job has the request's id. */
async function hasJob(
  { request, job, hash }: { request: JobRequest; job: string; hash: string },
  jobs: ScannedJobs,
): Promise<boolean> {
  const existingJob = await jobs.find(job);
  if (existingJob === undefined) return false;
  if (request.id === undefined || existingJob.labels[HASH_LABEL] === hash) return true;
  throw refusal(
    'job-exists',
    `job '${job}' already exists and belongs to another request; choose another id, or delete that job first`,
  );
}

async function publishAll(files: readonly NamedFile[], source: Source): Promise<Map<string, string>> {
  const urls = await mapParallel(
    files,
    PARALLEL_FILES,
    async (file) => [file.path, await source.publish(file)] as const,
  );
  return new Map(urls);
}

const REQUEST_ERROR_STATUSES: readonly number[] = [400, 409, 413, 422];

/** True if the request is invalid. False for failures of the token, the service or the network. */
function isRequestError(error: unknown): error is JobServiceError {
  return error instanceof JobServiceError && REQUEST_ERROR_STATUSES.includes(error.status);
}

/** Stores the reason before moving the request, so that every request in `error` has one. */
async function refuse(
  request: RequestFile,
  { code, message, errors }: JobServiceError,
  { source, clock }: ScanPorts,
): Promise<void> {
  await source.explain(request, {
    request: request.name,
    time: clock.now(),
    code,
    reason: message,
    errors,
    next: 'correct the request and put it back next to the other requests',
  });
  await source.move(request, 'error');
}
