import type {
  CloudWatchOperations,
  DynamoOperations,
  ExpiringCredentials,
  S3Calls,
  SecretsOperations,
  Services,
  SqsOperations,
  StatesOperations,
} from '../calls.ts';
import { assumeRoleCall } from './assume-role.ts';
import {
  type CredentialSource,
  cachedCredentials,
  type Environment,
  environmentCredentials,
} from './credentials.ts';
import { endpointOf, hasUsualEndpoints, type ServiceName } from './endpoints.ts';
import { jsonCall } from './json-call.ts';
import { s3Calls } from './s3-calls.ts';
import { jsonError, xmlError } from './service-error.ts';
import { type ClientOptions, signedClient } from './signed-client.ts';

/** Returns the S3 client of the SDK; with the credentials of the function if `load` is absent. */
export type RareS3 = (load?: () => Promise<ExpiringCredentials>) => Promise<S3Calls>;

const CONNECT_MILLIS = 2000;
const IDLE_MILLIS = 10_000;
/** Objects are larger than rows and messages. */
const OBJECT_IDLE_MILLIS = 30_000;

/**
 * Returns the services with small clients that sign requests themselves. Returns `undefined` if the environment has
 * endpoints or credentials that only the SDK supports. `rareS3` loads the SDK for rare operations of S3.
 */
export function signedServices(environment: Environment, rareS3: RareS3): Services | undefined {
  const region = environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION'];
  const credentials = environmentCredentials(environment);
  if (region === undefined || credentials === undefined || !hasUsualEndpoints(region, environment))
    return undefined;
  const client = (service: ServiceName, more: Partial<ClientOptions> = {}) =>
    signedClient({
      scope: { service, region },
      endpoint: endpointOf(service, region, environment).url,
      credentials,
      environment,
      limits: { connectMillis: CONNECT_MILLIS, idleMillis: IDLE_MILLIS },
      errorOf: jsonError,
      ...more,
    });
  const objectClient = (source: CredentialSource) =>
    client('s3', {
      credentials: source,
      limits: { connectMillis: CONNECT_MILLIS, idleMillis: OBJECT_IDLE_MILLIS },
      errorOf: xmlError,
    });
  const s3 = endpointOf('s3', region, environment);
  return {
    // The SDK also retries DynamoDB sooner than other services.
    dynamo: jsonCall<DynamoOperations>(client('dynamodb', { retryMillis: 25 }), {
      target: 'DynamoDB_20120810',
      version: '1.0',
    }),
    sqs: jsonCall<SqsOperations>(client('sqs'), { target: 'AmazonSQS', version: '1.0' }),
    states: jsonCall<StatesOperations>(client('states'), { target: 'AWSStepFunctions', version: '1.0' }),
    secrets: jsonCall<SecretsOperations>(client('secretsmanager'), {
      target: 'secretsmanager',
      version: '1.1',
    }),
    cloudWatch: jsonCall<CloudWatchOperations>(client('monitoring'), {
      target: 'GraniteServiceVersion20100801',
      version: '1.0',
    }),
    assumeRole: assumeRoleCall(client('sts', { errorOf: xmlError })),
    s3: s3Calls(objectClient(credentials), s3, () => rareS3()),
    s3With(load) {
      const source = cachedCredentials(load);
      return s3Calls(objectClient(source), s3, () => rareS3(() => source.get()));
    },
  };
}
