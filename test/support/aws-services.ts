/** The services at an endpoint, with both clients that functions can use. */
import type { Services } from '../../functions/aws/calls.ts';
import { signedServices } from '../../functions/aws/client/signed-services.ts';
import { deployedS3 } from '../../functions/aws/sdk/sdk-s3.ts';
import { sdkServices } from '../../functions/aws/sdk/sdk-services.ts';
import { localAwsEnv, localClient } from '../../localstack/local-aws.ts';

export function sdkAt(endpoint: string): Services {
  return sdkServices({ isLocal: true, settings: localClient(endpoint) });
}

/** `variables` replace or extend those of the environment. */
export function signedAt(endpoint: string, variables: Readonly<Record<string, string>> = {}): Services {
  const settings = localClient(endpoint);
  const services = signedServices({ ...localAwsEnv(endpoint), ...variables }, async (load) =>
    deployedS3(load === undefined ? { isLocal: true, settings } : { isLocal: true, settings, load }),
  );
  if (services === undefined) throw new Error('the signed client does not support the variables of the test');
  return services;
}

export const clients = { 'the signed client': signedAt, 'the SDK': sdkAt } as const;
