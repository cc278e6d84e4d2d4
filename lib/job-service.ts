import { Annotations } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { CORS_ORIGIN_RULE, isOrigin } from '#contract/cors-origins.ts';
import { MAX_UPLOAD_BYTES } from '#contract/uploads.ts';
import { DEFAULT_IDLE_LIMIT, IDLE_LIMIT_RULE, isIdleLimit } from '#core/expiry-policy.ts';
import { itemsPerTaskFor } from '#core/items-per-task.ts';
import { shippedSplitters } from '../functions/split-batch/splitters/index.ts';
import { LoggedAlarms } from './alarms.ts';
import { BatchSplitting, SPLITTING_TIMEOUT } from './batch-splitting.ts';
import { planConcurrency } from './concurrency.ts';
import { DEAD_LETTER_TIMEOUT, DeadLetters } from './dead-letters.ts';
import { deployedJobTypes } from './deployed-job-types.ts';
import { deployedTemplates } from './deployed-templates.ts';
import { withDevelopmentIssuer } from './development-issuer.ts';
import { checkDocumentPackages } from './document-packages.ts';
import { checkReadBuckets, JobBucket } from './job-bucket.ts';
import { JobDispatch } from './job-dispatch.ts';
import type { JobFunction } from './job-function.ts';
import { JobQueues } from './job-queues.ts';
import type { JobResources } from './job-resources.ts';
import type { JobServiceProps } from './job-service-props.ts';
import { JobSweeping } from './job-sweeping.ts';
import { JobTable } from './job-table.ts';
import { JobTemplates } from './job-templates.ts';
import { JobsApi } from './jobs-api.ts';
import { PartitionReader } from './partition-reader.ts';
import { checkNames, jsonSchema, type Registry } from './registry.ts';
import { ResultTracking, TRACKING_TIMEOUT } from './result-tracking.ts';
import { checkConsole, consoleOrigins, ServicePages } from './service-pages.ts';
import { allowedNames, shippedWorkers } from './shipped-workers.ts';
import { SourceScanning } from './source-scanning.ts';
import type { Splitter } from './splitter.ts';
import { checkIssuers } from './token-issuer.ts';
import type { Worker } from './worker.ts';
import { Workers } from './workers.ts';

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
  /** Base address of the API, including the stage, without a slash at its end: `<url>/partitions/…` are the routes. */
  readonly url: string;
  /** Functions of the workers by name, for example to grant them permissions. */
  readonly workers: ReadonlyMap<string, LambdaFunction>;
  /** All functions that jobtree creates. */
  readonly functions: readonly JobFunction[];

  constructor(scope: Construct, id: string, given: JobServiceProps = {}) {
    super(scope, id);
    const props = withDevelopmentIssuer(this, given);
    const { auth = [], readBuckets = [], sources = [], local = false } = props;
    const { maxItems = DEFAULT_MAX_ITEMS, maxUploadBytes = MAX_UPLOAD_BYTES, corsOrigins = [] } = props;
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
    const { partitionSessions: hasReader = !local } = props;
    const reader = hasReader ? new PartitionReader(this, 'Reader', { bucket, readBuckets }) : undefined;
    this.readerRole = reader?.role;
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
      web: { ports: props.webPorts ?? [], isLocal: props.webIsLocal ?? false },
    };

    const api = new JobsApi(this, 'Api', {
      resources,
      registry,
      auth,
      accessLog: !local,
      rateLimits: props.rateLimits ?? {},
      corsOrigins,
      maxUploadBytes,
      reservedConcurrency: props.reservedApiConcurrency,
    });
    const pages = this.#pages(api.api, resources, props);
    bucket.allowPages([...(pages.length > 0 ? consoleOrigins(api.api, { local }) : []), ...corsOrigins]);
    const dispatch = new JobDispatch(this, 'Dispatch', { resources });
    const splitting = new BatchSplitting(this, 'Splitting', { resources, splitters });
    const working = new Workers(this, 'Workers', { resources, workers });
    const tracking = new ResultTracking(this, 'Tracking', { resources });
    const deadLetters = new DeadLetters(this, 'DeadLetters', { resources });
    const sweeping = new JobSweeping(this, 'Sweeping', { resources });
    const scanning =
      sources.length === 0 ? [] : [new SourceScanning(this, 'Scanning', { resources, registry, sources })];

    this.restApi = api.api;
    this.url = api.api.url.replace(/\/$/, '');
    this.workers = working.functions;
    const parts = [api, dispatch, splitting, tracking, deadLetters, sweeping, ...scanning, ...pages];
    this.functions = [...parts.map((part) => part.function), ...working.userSplitters];
    new LoggedAlarms(this, 'LoggedAlarms', { logGroups: this.functions.map(({ ownLog }) => ownLog) });
  }

  #pages(api: RestApi, resources: JobResources, props: JobServiceProps): ServicePages[] {
    const { console = {}, auth = [], local = false } = props;
    return console === false
      ? []
      : [new ServicePages(this, 'Pages', { api, resources, auth, console, local })];
  }

  #check(props: JobServiceProps): void {
    const { auth = [], workers = {}, splitters = {}, maxItems = 1, local = false } = props;
    const { maxUploadBytes = MAX_UPLOAD_BYTES } = props;
    checkIssuers(auth, { local });
    checkConsole(props.console ?? {}, auth);
    checkWeb(props);
    checkOrigins(props.corsOrigins ?? []);
    checkReadBuckets(props.readBuckets ?? []);
    if (props.documents === true) checkDocumentPackages();
    else if ((props.documentFonts ?? []).length > 0)
      throw new Error('documentFonts has no effect without document workers; set documents: true');
    // The names of document workers are reserved, so that `documents` can be enabled later.
    checkNames('worker', Object.keys(workers), [
      ...shippedWorkers({ documents: true, officeToPdf: true }).keys(),
    ]);
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

function checkOrigins(origins: readonly string[]): void {
  const invalid = origins.find((origin) => !isOrigin(origin));
  if (invalid !== undefined) throw new Error(`corsOrigins has '${invalid}'; use ${CORS_ORIGIN_RULE}`);
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
      ...(options.secondsPerItem !== undefined && { itemsPerTask: itemsPerTaskFor(options.secondsPerItem) }),
    })),
  };
}
