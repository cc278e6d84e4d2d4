/** Chooses the clients of a function: small ones that start quickly, or those of the AWS SDK. */
import { ENVIRONMENT_NAMES } from '#contract/environment.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import type { Call, S3Calls, Services } from './calls.ts';
import type { Environment } from './client/credentials.ts';
import { type RareS3, signedServices } from './client/signed-services.ts';
import { environment } from './runtime.ts';

const CLIENTS = ['signed', 'sdk'] as const;

let services: Services | undefined;

/** Returns one set of clients per process, so that connections are reused between invocations. */
export function awsServices(): Services {
  services ??= servicesFor(environment);
  return services;
}

export function servicesFor(environment: Environment): Services {
  const name = ENVIRONMENT_NAMES.awsClient;
  const choice = environment[name] ?? 'signed';
  if (!CLIENTS.some((client) => client === choice)) {
    throw new Error(
      `environment variable ${name} has the value '${choice}'; allowed are ${CLIENTS.join(', ')}. Remove the variable to use the default, signed`,
    );
  }
  const isLocal = isLocalS3(environment);
  const rareS3: RareS3 = async (load) => {
    const { deployedS3 } = await import('#aws-sdk');
    return deployedS3({ isLocal, ...omitUndefined({ load }) });
  };
  const signed = choice === 'signed' ? signedServices(environment, rareS3) : undefined;
  return signed ?? lazyServices(loadOnce(async () => (await import('#aws-sdk')).sdkServices({ isLocal })));
}

/** True if a variable sets the endpoint of S3: emulators use one host name, without a subdomain per bucket. */
export function isLocalS3(environment: Environment): boolean {
  return (environment['AWS_ENDPOINT_URL_S3'] ?? environment['AWS_ENDPOINT_URL']) !== undefined;
}

/** Loads the SDK at the first operation, because loading takes longer than most invocations. */
function lazyServices(sdk: () => Promise<Services>): Services {
  return {
    dynamo: lazyCall(async () => (await sdk()).dynamo),
    sqs: lazyCall(async () => (await sdk()).sqs),
    states: lazyCall(async () => (await sdk()).states),
    secrets: lazyCall(async () => (await sdk()).secrets),
    cloudWatch: lazyCall(async () => (await sdk()).cloudWatch),
    assumeRole: async (session) => (await sdk()).assumeRole(session),
    s3: lazyS3(async () => (await sdk()).s3),
    s3With: (load) => lazyS3(loadOnce(async () => (await sdk()).s3With(load))),
  };
}

function lazyCall<Operations>(call: () => Promise<Call<Operations>>): Call<Operations> {
  return async (operation, input) => (await call())(operation, input);
}

function lazyS3(s3: () => Promise<S3Calls>): S3Calls {
  return {
    put: async (...args) => (await s3()).put(...args),
    get: async (...args) => (await s3()).get(...args),
    head: async (...args) => (await s3()).head(...args),
    list: async (...args) => (await s3()).list(...args),
    delete: async (...args) => (await s3()).delete(...args),
    upload: async (...args) => (await s3()).upload(...args),
  };
}

function loadOnce<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= load();
    return loading;
  };
}
