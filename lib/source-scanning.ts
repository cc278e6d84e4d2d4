import { Duration, Stack } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { idProblem } from '#contract/ids.ts';
import { objectPrefixProblem } from '#core/object-address.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { DEFAULT_LIMITS, type ScanLimits } from '../functions/scan-sources/scan.ts';
import type { UnparsedSource } from '../functions/scan-sources/scan-sources.ts';
import { inboxPrefix } from '../functions/store/object-keys.ts';
import { alarmWhileFailing } from './alarms.ts';
import { allowList, type ReadableBucket } from './job-bucket.ts';
import { JobFunction } from './job-function.ts';
import type { JobResources } from './job-resources.ts';
import type { Registry } from './registry.ts';

export interface SourceProps {
  /** Partition of the created jobs. */
  readonly partition: string;
  /** One of `readBuckets`, so that jobs can read the files. @default - the bucket of the service */
  readonly bucket?: ReadableBucket;
  /** Prefix in `bucket`, ending with `/`. @default inbox/<partition>/ */
  readonly prefix?: string;
  /** Number of unfinished jobs of the partition at which the scanner stops creating jobs. @default 100 */
  readonly high?: number;
  /** Number of unfinished jobs at which it resumes; below `high`. @default 50 */
  readonly low?: number;
  /** @default 20 */
  readonly jobsPerMinute?: number;
  /** Maximum number of items in one request. @default 10000 */
  readonly maxItems?: number;
}

export interface SourceScanningProps {
  readonly resources: JobResources;
  readonly registry: Registry;
  /** At least one. */
  readonly sources: readonly SourceProps[];
}

const EACH_MINUTE = Duration.minutes(1);
/** The next scan continues where this one ends. */
const SCAN_TIMEOUT = Duration.minutes(1);
/** An occasional failure does not matter, because the next scan does the work. */
const FAILING_MINUTES = 5;
/** Sources are stored in an environment variable, and all variables together have 4 KB. */
const MAX_SOURCES = 10;
const MAX_PREFIX_LENGTH = 100;

/** Each minute → scan-sources, which creates jobs from the requests in buckets. */
export class SourceScanning extends Construct {
  readonly function: JobFunction;

  constructor(scope: Construct, id: string, { resources, registry, sources }: SourceScanningProps) {
    super(scope, id);
    checkSources(sources, resources);
    const { table, bucket, templates } = resources;
    this.function = new JobFunction(this, 'ScanSources', {
      name: 'scan-sources',
      description: 'creates jobs from the requests in buckets',
      entry: { own: 'scan-sources' },
      files: { 'registry.json': registry },
      processes: { 'job-types.mjs': { own: 'job-types' } },
      timeout: SCAN_TIMEOUT,
      memorySizeMebibytes: 1024,
      environment: {
        table: table.table.tableName,
        bucket: bucket.bucket.bucketName,
        machines: templates.address,
        machineRole: templates.role.roleArn,
        maxItems: String(resources.maxItems),
        idleLimit: resources.idleLimit,
        sources: Stack.of(this).toJsonString(sources.map(scannedSource)),
      },
      statements: [
        table.allow('GetItem', 'PutItem', 'Query', 'UpdateItem'),
        bucket.allow(['PutObject'], ['requests']),
        allowList(bucket.bucket),
        ...sources.flatMap((source) => allowScan(source, resources)),
      ],
    });
    // A failed or late scan is not repeated: the next one does its work.
    const invokeOnce = { retryAttempts: 0, maxEventAge: EACH_MINUTE };
    this.function.configureAsyncInvoke(invokeOnce);
    new Rule(this, 'EachMinute', {
      description: 'jobtree: scans buckets for requests',
      schedule: Schedule.rate(EACH_MINUTE),
      targets: [new LambdaFunction(this.function, invokeOnce)],
    });
    alarmWhileFailing(this.function, {
      description: 'Buckets are not scanned for requests. See the log of scan-sources.',
      minutes: FAILING_MINUTES,
    });
  }
}

function prefixOf({ partition, prefix }: SourceProps): string {
  return prefix ?? inboxPrefix(partition);
}

function scannedSource(source: SourceProps): UnparsedSource {
  const { partition, bucket, high, low, jobsPerMinute, maxItems } = { ...source };
  return {
    partition,
    ...omitUndefined({ bucket: bucket?.bucketName }),
    prefix: prefixOf(source),
    high: high ?? DEFAULT_LIMITS.high,
    low: low ?? Math.min(DEFAULT_LIMITS.low, Math.floor((high ?? DEFAULT_LIMITS.high) / 2)),
    jobsPerScan: jobsPerMinute ?? DEFAULT_LIMITS.jobsPerScan,
    maxItems: maxItems ?? DEFAULT_LIMITS.maxItems,
  } satisfies UnparsedSource & ScanLimits;
}

/** Allows reading and moving requests. Of the files they name, the scanner only checks the existence. */
function allowScan(source: SourceProps, { bucket: own }: JobResources): PolicyStatement[] {
  const bucket = source.bucket ?? own.bucket;
  const objects = new PolicyStatement({
    actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
    resources: [bucket.arnForObjects(`${prefixOf(source)}*`)],
  });
  return source.bucket === undefined ? [objects] : [objects, allowList(source.bucket)];
}

function checkSources(sources: readonly SourceProps[], { readBuckets }: JobResources): void {
  if (sources.length > MAX_SOURCES) {
    throw new Error(`there are ${sources.length} sources; at most ${MAX_SOURCES} are allowed`);
  }
  for (const source of sources) {
    const problem = idProblem('partition', source.partition) ?? problemOf(source, readBuckets);
    if (problem !== undefined) throw new Error(`source of partition '${source.partition}': ${problem}`);
  }
  const locations = sources.map((source) => `${source.bucket?.bucketArn ?? ''} ${prefixOf(source)}`);
  const duplicate = locations.find((location, position) => locations.indexOf(location) !== position);
  if (duplicate !== undefined)
    throw new Error(
      `two sources have the location '${duplicate.trim()}'; a location can belong to one partition only`,
    );
}

function problemOf(source: SourceProps, readBuckets: JobResources['readBuckets']): string | undefined {
  const { bucket, prefix } = source;
  if (bucket === undefined && prefix !== undefined) {
    return `prefix '${prefix}' requires a bucket of your own; in the bucket of the service, the prefix is always ${inboxPrefix(source.partition)}`;
  }
  if (bucket !== undefined && !readBuckets.includes(bucket)) {
    return 'its bucket is not in readBuckets, so jobs could not read the files; add it to readBuckets';
  }
  if (prefix !== undefined && !/^[^/*?$][^*?$]*\/$/.test(prefix)) {
    return `prefix '${prefix}' is not allowed; it must end with /, not begin with /, and not contain * ? $`;
  }
  const problem = objectPrefixProblem(prefixOf(source));
  if (problem !== undefined) return `prefix '${prefixOf(source)}' is not allowed: ${problem}`;
  if (prefixOf(source).length > MAX_PREFIX_LENGTH + 'inbox//'.length) {
    return `prefix '${prefixOf(source)}' is too long; at most ${MAX_PREFIX_LENGTH} characters are allowed`;
  }
  return limitProblem(scannedSource(source));
}

function limitProblem({ high, low, jobsPerScan, maxItems }: ScanLimits): string | undefined {
  const isWhole = [high, low, jobsPerScan, maxItems].every((limit) => Number.isInteger(limit) && limit >= 0);
  if (isWhole && low < high && jobsPerScan > 0 && maxItems > 0) return undefined;
  return `high ${high}, low ${low}, jobsPerMinute ${jobsPerScan}, maxItems ${maxItems} are not allowed; all must be whole numbers, low below high, and the others above 0`;
}
