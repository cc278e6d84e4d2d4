import { Annotations } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { IFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { MAX_UPLOAD_BYTES } from '#contract/uploads.ts';
import { DEFAULT_IDLE_LIMIT, IDLE_LIMIT_RULE, isIdleLimit } from '#core/expiry-policy.ts';
import { shippedSplitters } from '../functions/split-batch/splitters/index.ts';
import { LoggedAlarms } from './alarms.ts';
import { BatchSplitting, SPLITTING_TIMEOUT } from './batch-splitting.ts';
import { planConcurrency } from './concurrency.ts';
import { DEAD_LETTER_TIMEOUT, DeadLetters } from './dead-letters.ts';
import { deployedJobTypes, type JobTypeProps } from './deployed-job-types.ts';
import { deployedTemplates, type TemplateProps } from './deployed-templates.ts';
import { withDevelopmentIssuer } from './development-issuer.ts';
import { checkDocumentPackages } from './document-packages.ts';
import { checkReadBuckets, JobBucket, type ReadableBucket } from './job-bucket.ts';
import { JobDispatch } from './job-dispatch.ts';
import type { JobFunction } from './job-function.ts';
import { JobQueues } from './job-queues.ts';
import type { JobResources } from './job-resources.ts';
import { JobSweeping } from './job-sweeping.ts';
import { JobTable } from './job-table.ts';
import { JobTemplates } from './job-templates.ts';
import { JobsApi } from './jobs-api.ts';
import { PartitionReader } from './partition-reader.ts';
import type { RateLimitProps } from './rate-limits.ts';
import { checkNames, jsonSchema, type Registry } from './registry.ts';
import { ResultTracking, TRACKING_TIMEOUT } from './result-tracking.ts';
import { allowedNames, type HttpSecret, type InvokableFunction, shippedWorkers } from './shipped-workers.ts';
import { type SourceProps, SourceScanning } from './source-scanning.ts';
import type { Splitter } from './splitter.ts';
import { checkIssuers, type TokenIssuer } from './token-issuer.ts';
import type { Worker } from './worker.ts';
import { Workers } from './workers.ts';

export interface JobServiceProps {
  /** Issuers whose tokens the API accepts. @default - none: the API refuses every request */
  readonly auth?: readonly TokenIssuer[];
  /** Your workers, by name. @default - only the workers included in jobtree */
  readonly workers?: Readonly<Record<string, Worker>>;
  /** Your splitters, by name. @default - only the splitters included in jobtree */
  readonly splitters?: Readonly<Record<string, Splitter>>;
  /**
   * Your job types, by name. The API shows them but cannot change them. @default - only the included job
   * types
   */
  readonly jobTypes?: Readonly<Record<string, JobTypeProps>>;
  /**
   * Your templates, by name. The API shows them but cannot change them. @default - only the included
   * templates
   */
  readonly templates?: Readonly<Record<string, TemplateProps>>;
  /** Buckets that splitters and the worker kit may read. @default - only the bucket of the service */
  readonly readBuckets?: readonly ReadableBucket[];
  /**
   * Secrets whose headers the worker `http` may send, by name, for all partitions or for some. @default none
   */
  readonly httpSecrets?: Readonly<Record<string, HttpSecret>>;
  /**
   * Functions that the worker `invoke-lambda` may call, by name, for all partitions or for some. @default
   * none
   */
  readonly invokableFunctions?: Readonly<Record<string, IFunction | InvokableFunction>>;
  /** Public ports that may be called over HTTPS, in addition to 443. @default none */
  readonly webPorts?: readonly number[];
  /**
   * Allows jobs to call plain HTTP and any address, including this machine. Requires `local`. @default false
   */
  readonly webIsLocal?: boolean;
  /**
   * Includes the document workers (extract-text, to-pdf, merge-pdf, to-tiff) and the templates and job types
   * that use them. They need packages that jobtree does not install; synth lists the missing ones. @default
   * false
   */
  readonly documents?: boolean;
  /** Bucket locations that are scanned for requests to create jobs from (docs/how-to/scan-a-folder.md). @default - none */
  readonly sources?: readonly SourceProps[];
  /** Maximum number of items per job, up to 100 million. @default - a million */
  readonly maxItems?: number;
  /**
   * Time that a job without an expiry policy for `active` may be Active without progress before it expires:
   * an ISO 8601 duration, or `none`. Pauses do not count. @default - P7D
   */
  readonly idleLimit?: string;
  /** Rate limits of partitions. @default - 100 requests per second with bursts of 500, for each partition */
  readonly rateLimits?: RateLimitProps;
  /** Maximum size of an upload in bytes, up to the 5 GiB that S3 accepts in one request. @default - 5 GiB */
  readonly maxUploadBytes?: number;
  /**
   * Maximum number of concurrent runs of one function per queue, 2 to 1000.
   * @default - an even share of maxTotalConcurrency, at most 100, and 4 if local
   */
  readonly maxConcurrency?: number;
  /**
   * True if splitters and workers read for a partition with the credentials of a session that can read
   * nothing else. Emulators ignore IAM, so sessions would only add calls there. @default - true, and false if
   * local
   */
  readonly partitionSessions?: boolean;
  /**
   * Maximum number of concurrent runs of all queues and the API's reservation. @default - 900 of an account's
   * 1,000
   */
  readonly maxTotalConcurrency?: number;
  /**
   * Reserved concurrency of the API, which is also its maximum. @default - shares the concurrency of the
   * account
   */
  readonly reservedApiConcurrency?: number;
  /** For an emulator: stored data is deleted with the stack, and limits fit a laptop. @default - false */
  readonly local?: boolean;
}

const DEFAULT_MAX_ITEMS = 1_000_000;
const HARD_MAX_ITEMS = 100_000_000;

/**
 * A batch job service.
 *
 * @example
 * new JobService(stack, 'Jobs', {
 *   auth: [{ issuer: 'https://login.example.com', audience: 'jobs', jwks }],
 *   workers: { shout: Worker.fromEntry('workers/shout.ts', { worker: shout }) },
 *   splitters: { sentences: Splitter.fromEntry('splitters/sentences.ts', { splitter: sentences }) },
 * });
 */
export class JobService extends Construct {
  readonly table: JobTable;
  readonly bucket: JobBucket;
  readonly queues: JobQueues;
  /**
   * Role with which splitters and workers read. Use it, for example, to grant the key of an encrypted bucket.
   * Absent without `partitionSessions`.
   */
  readonly readerRole: Role | undefined;
  readonly restApi: RestApi;
  /** Functions of the workers by name, for example to grant them permissions. */
  readonly workers: ReadonlyMap<string, LambdaFunction>;
  /** All functions that jobtree creates. */
  readonly functions: readonly JobFunction[];

  constructor(scope: Construct, id: string, given: JobServiceProps = {}) {
    super(scope, id);
    const props = withDevelopmentIssuer(this, given);
    const { auth = [], readBuckets = [], sources = [], local = false } = props;
    const { webPorts = [], webIsLocal = false } = props;
    const { maxItems = DEFAULT_MAX_ITEMS, maxUploadBytes = MAX_UPLOAD_BYTES } = props;
    this.#check(props);
    const workers = new Map([...shippedWorkers(props), ...Object.entries(props.workers ?? {})]);
    const { maxConcurrency } = planConcurrency({ ...(local && { maxConcurrency: 4 }), ...props, workers });
    const splitters = new Map(Object.entries(props.splitters ?? {}));
    const registry = registryOf(props, workers, splitters);

    this.table = new JobTable(this, 'Table', { disposable: local });
    this.bucket = new JobBucket(this, 'Bucket', { disposable: local });
    this.queues = new JobQueues(this, 'Queues', {
      splitting: SPLITTING_TIMEOUT,
      tracking: TRACKING_TIMEOUT,
      deadLetters: DEAD_LETTER_TIMEOUT,
      workers: new Map([...workers].map(([name, { options }]) => [name, options.timeout])),
    });
    const { table, bucket, queues } = this;
    const templates = new JobTemplates(this, 'Templates', {
      queues,
      templates: registry.templates,
      disposable: local,
    });
    const { partitionSessions = !local } = props;
    const reader = partitionSessions
      ? new PartitionReader(this, 'Reader', { bucket, readBuckets })
      : undefined;
    this.readerRole = reader?.role;
    const web = { ports: webPorts, isLocal: webIsLocal };
    const resources: JobResources = {
      table,
      bucket,
      queues,
      templates,
      readBuckets,
      reader,
      maxItems,
      idleLimit: props.idleLimit ?? DEFAULT_IDLE_LIMIT,
      maxConcurrency,
      web,
    };

    const api = new JobsApi(this, 'Api', {
      resources,
      registry,
      auth,
      accessLog: !local,
      rateLimits: props.rateLimits ?? {},
      maxUploadBytes,
      reservedConcurrency: props.reservedApiConcurrency,
    });
    const dispatch = new JobDispatch(this, 'Dispatch', { resources });
    const splitting = new BatchSplitting(this, 'Splitting', { resources, splitters });
    const working = new Workers(this, 'Workers', { resources, workers });
    const tracking = new ResultTracking(this, 'Tracking', { resources });
    const deadLetters = new DeadLetters(this, 'DeadLetters', { resources });
    const sweeping = new JobSweeping(this, 'Sweeping', { resources });
    const scanning =
      sources.length === 0 ? [] : [new SourceScanning(this, 'Scanning', { resources, registry, sources })];

    this.restApi = api.api;
    this.workers = working.functions;
    const parts = [api, dispatch, splitting, tracking, deadLetters, sweeping, ...scanning];
    this.functions = [...parts.map((part) => part.function), ...working.userSplitters];
    new LoggedAlarms(this, 'LoggedAlarms', { logGroups: this.functions.map(({ ownLog }) => ownLog) });
  }

  #check(props: JobServiceProps): void {
    const { auth = [], workers = {}, splitters = {}, maxItems = 1, local = false } = props;
    const { maxUploadBytes = MAX_UPLOAD_BYTES } = props;
    checkIssuers(auth, { local });
    checkWeb(props);
    checkReadBuckets(props.readBuckets ?? []);
    if (props.documents === true) checkDocumentPackages();
    // The names of document workers are reserved, so that `documents` can be enabled later.
    checkNames('worker', Object.keys(workers), [...shippedWorkers({ documents: true }).keys()]);
    checkNames(
      'splitter',
      Object.keys(splitters),
      shippedSplitters.map(({ name }) => name),
    );
    if (!Number.isInteger(maxItems) || maxItems < 1 || maxItems > HARD_MAX_ITEMS) {
      throw new Error(`maxItems is ${maxItems}; a whole number from 1 to ${HARD_MAX_ITEMS} is allowed`);
    }
    if (props.idleLimit !== undefined && !isIdleLimit(props.idleLimit)) {
      throw new Error(`idleLimit is '${props.idleLimit}'; use ${IDLE_LIMIT_RULE}`);
    }
    if (!Number.isInteger(maxUploadBytes) || maxUploadBytes < 1 || maxUploadBytes > MAX_UPLOAD_BYTES) {
      throw new Error(
        `maxUploadBytes is ${maxUploadBytes}; a whole number from 1 to ${MAX_UPLOAD_BYTES} (5 GiB) is allowed`,
      );
    }
    if (auth.length === 0) {
      Annotations.of(this).addInfoV2(
        'jobtree:no-issuer',
        'this API refuses every request, because it has no token issuer. Deploy with -c issuer=https://… -c audience=… -c jwks=<file>, or pass `auth`',
      );
    }
  }
}

function checkWeb({ webPorts = [], webIsLocal = false, local = false }: JobServiceProps): void {
  const invalid = webPorts.find((port) => !Number.isInteger(port) || port < 1 || port > 65_535);
  if (invalid !== undefined) throw new Error(`${invalid} in webPorts is not a port; 1 to 65535 are allowed`);
  if (webIsLocal && !local) {
    throw new Error(
      'webIsLocal would open private networks to everyone who can create jobs; it is allowed only if `local` is set',
    );
  }
}

function registryOf(
  props: JobServiceProps,
  workers: ReadonlyMap<string, Worker>,
  splitters: ReadonlyMap<string, Splitter>,
): Registry {
  const { documents = false } = props;
  const deployed = deployedCodeOf(workers, splitters);
  return {
    ...deployed,
    jobTypes: deployedJobTypes(props.jobTypes ?? {}, { documents }),
    templates: deployedTemplates(props.templates ?? {}, deployed, { documents }),
    ...allowedNames(props),
  };
}

function deployedCodeOf(
  workers: ReadonlyMap<string, Worker>,
  splitters: ReadonlyMap<string, Splitter>,
): Pick<Registry, 'splitters' | 'workers'> {
  const userSplitters = [...splitters].map(([name, { definition }]) => ({ ...definition, name }));
  return {
    splitters: [...shippedSplitters, ...userSplitters].map(({ name, description, definition }) => ({
      name,
      description,
      definition: jsonSchema(definition),
    })),
    workers: [...workers].map(([name, { options }]) => ({
      name,
      description: options.description,
      parameters: jsonSchema(options.parameters),
    })),
  };
}
