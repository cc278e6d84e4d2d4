import { Duration, Size, Stack } from 'aws-cdk-lib';
import { EndpointType, LambdaIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { type IRole, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ROUTES } from '#contract/routes.ts';
import { OBJECT_AREAS } from '../functions/store/object-keys.ts';
import packageFile from '../package.json' with { type: 'json' };
import { ApiAccessLog } from './api-access-log.ts';
import { answerWithProblems, STAGE } from './gateway-responses.ts';
import { allowList } from './job-bucket.ts';
import { JobFunction } from './job-function.ts';
import type { JobResources } from './job-resources.ts';
import { allowDepths, allowDepthsAndSend, allowReceive } from './queue-with-dlq.ts';
import { allRateLimits, type RateLimitProps } from './rate-limits.ts';
import type { Registry } from './registry.ts';
import { acceptedIssuers, type TokenIssuer } from './token-issuer.ts';

/** API Gateway's maximum. */
const API_TIMEOUT = Duration.seconds(29);

// Throttling by the gateway, for all callers together. The handler limits each partition.
const REQUESTS_PER_SECOND = 500;
const BURST_REQUESTS = 1000;

export interface JobsApiProps {
  readonly resources: JobResources;
  readonly registry: Registry;
  readonly auth: readonly TokenIssuer[];
  readonly accessLog: boolean;
  readonly rateLimits: RateLimitProps;
  readonly corsOrigins: readonly string[];
  /** Maximum size of one upload. */
  readonly maxUploadBytes: number;
  readonly reservedConcurrency: number | undefined;
}

/**
 * The REST API → jobs-api. All routes and methods lead to one handler, so that it can respond with 405 and
 * Allow. The handler checks the token itself; the gateway does no authorization.
 */
export class JobsApi extends Construct {
  readonly function: JobFunction;
  readonly api: RestApi;

  constructor(scope: Construct, id: string, props: JobsApiProps) {
    super(scope, id);
    this.function = this.#handler(props);
    // The ARNs of all queues and dead-letter queues together would exceed the size of the role's own policy.
    new ManagedPolicy(this, 'Depths', {
      description: 'jobtree jobs-api: reads the depths of queues that it does not send to, and alarms',
      statements: [allowDepths(...this.#unsentQueues(props.resources)), allowMonitoring()],
      roles: [ownRole(this.function)],
    });
    const accessLog = props.accessLog ? new ApiAccessLog(this, 'AccessLog') : undefined;
    this.api = new RestApi(this, 'Api', {
      description: 'jobtree',
      endpointTypes: [EndpointType.REGIONAL],
      // Passes each body on in base64. Otherwise the gateway replaces bytes that are not UTF-8 by U+FFFD.
      binaryMediaTypes: ['*/*'],
      // Compresses JSON, and the scripts of the console, for clients that accept it.
      minCompressionSize: Size.kibibytes(1),
      // The CDK's own role would use a managed policy; see ApiAccessLog.
      cloudWatchRole: false,
      deployOptions: {
        stageName: STAGE,
        throttlingRateLimit: REQUESTS_PER_SECOND,
        throttlingBurstLimit: BURST_REQUESTS,
        ...(accessLog && {
          accessLogDestination: accessLog.destination,
          accessLogFormat: accessLog.format,
        }),
      },
    });
    // A stage with a log can only be created once the gateway may write logs.
    if (accessLog) this.api.deploymentStage.node.addDependency(accessLog.account);
    // The stack has its own outputs with simpler names.
    this.api.node.tryRemoveChild('Endpoint');
    answerWithProblems(this.api, props.corsOrigins);
    this.#addRoutes();
  }

  #handler(props: JobsApiProps): JobFunction {
    const { resources, registry, auth, rateLimits, corsOrigins, maxUploadBytes, reservedConcurrency } = props;
    const { table, bucket, queues, templates, maxItems, idleLimit } = resources;
    return new JobFunction(this, 'JobsApi', {
      name: 'jobs-api',
      description: 'serves the REST API',
      entry: { own: 'jobs-api' },
      files: {
        'registry.json': registry,
        'auth.json': acceptedIssuers(auth),
        'limits.json': allRateLimits(rateLimits),
        'version.json': packageFile.version,
        'cors.json': corsOrigins,
      },
      processes: { 'job-types.mjs': { own: 'job-types' } },
      timeout: API_TIMEOUT,
      memorySizeMebibytes: 1024,
      reservedConcurrency,
      environment: {
        table: table.table.tableName,
        bucket: bucket.bucket.bucketName,
        maxItems: String(maxItems),
        idleLimit,
        maxUploadBytes: String(maxUploadBytes),
        splitQueue: queues.split.queue.queueUrl,
        resultsQueue: queues.results.queue.queueUrl,
        stackName: Stack.of(this).stackName,
        queueNames: queues.queueNames(registry.workers.map(({ name }) => name)),
        machines: templates.address,
        machineRole: templates.role.roleArn,
      },
      statements: [
        // A job that is paused, cancelled or edited while on the waitlist is deleted from it.
        table.allow('DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'),
        bucket.allow(['GetObject'], [...OBJECT_AREAS, 'uploads']),
        bucket.allow(['PutObject'], ['requests', 'uploads']),
        bucket.allow(['DeleteObject'], ['requests', 'uploads']),
        allowList(bucket.bucket),
        ...templates.allowPublish(),
        // Operators read unroutable messages, and send them to the queue that they came from.
        allowDepthsAndSend(...queues.all.map(({ queue }) => queue)),
        allowReceive(queues.unroutable.queue),
      ],
    });
  }

  #unsentQueues({ queues }: JobResources): IQueue[] {
    return [...queues.all.map(({ deadLetters }) => deadLetters), queues.undispatched.queue];
  }

  #addRoutes(): void {
    // One permission for the whole API instead of two for each method.
    const handler = new LambdaIntegration(this.function, { scopePermissionToMethod: false });
    this.api.root.addMethod('ANY', handler);
    for (const path of gatewayPaths(ROUTES.map((route) => route.path))) {
      this.api.root.resourceForPath(path).addMethod('ANY', handler);
    }
    // Also serves the routes of the CAF contract. Without it, the gateway would treat the bearer token of a
    // call to an unknown route as an invalid AWS signature.
    this.api.root.addResource('{route+}').addMethod('ANY', handler);
  }
}

/**
 * Returns the paths in the gateway's format, unique and sorted. To the gateway, `{name}:test` is a value of
 * `{name}`.
 */
export function gatewayPaths(paths: readonly string[]): string[] {
  const gatewayFormat = [...new Set(paths.map((path) => path.replaceAll(/(\{[^}]+\})[^/]+/g, '$1')))].sort();
  const names = new Map<string, string>();
  for (const upTo of gatewayFormat.flatMap(prefixesWithParameter)) {
    const parent = upTo.slice(0, upTo.lastIndexOf('/'));
    const registeredPath = names.get(parent) ?? upTo;
    if (registeredPath !== upTo)
      throw new Error(
        `'${registeredPath}' and '${upTo}' are the same resource; use the same name for the parameter`,
      );
    names.set(parent, upTo);
  }
  return gatewayFormat;
}

/** Returns the path up to each of its parameters. */
function prefixesWithParameter(path: string): string[] {
  const parts = path.split('/');
  return parts.flatMap((part, position) =>
    part.startsWith('{') ? [parts.slice(0, position + 1).join('/')] : [],
  );
}

/** Neither operation can be limited to the alarms and queues of this stack. */
function allowMonitoring(): PolicyStatement {
  return new PolicyStatement({
    actions: ['cloudwatch:DescribeAlarms', 'cloudwatch:GetMetricData'],
    resources: ['*'],
  });
}

function ownRole({ role, name }: JobFunction): IRole {
  if (role === undefined) throw new Error(`function ${name} has no role`);
  return role;
}
