/** Addresses of the services: from the variables that the SDK reads, or those of the region. */
import type { Environment } from './credentials.ts';

/** Name of the service in signatures and host names, and in variables such as `AWS_ENDPOINT_URL_S3`. */
const VARIABLE_NAMES = {
  dynamodb: 'DYNAMODB',
  monitoring: 'CLOUDWATCH',
  s3: 'S3',
  secretsmanager: 'SECRETS_MANAGER',
  sqs: 'SQS',
  states: 'SFN',
  sts: 'STS',
} as const;
export type ServiceName = keyof typeof VARIABLE_NAMES;

export interface Endpoint {
  readonly url: URL;
  /** True if a variable sets it: an emulator, or an address in the user's network. */
  readonly isCustom: boolean;
}

export function endpointOf(service: ServiceName, region: string, environment: Environment): Endpoint {
  const isIgnored = environment['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'] === 'true';
  const configured =
    environment[`AWS_ENDPOINT_URL_${VARIABLE_NAMES[service]}`] ?? environment['AWS_ENDPOINT_URL'];
  if (configured !== undefined && !isIgnored) return { url: new URL(configured), isCustom: true };
  return { url: new URL(`https://${service}.${region}.${suffixOf(region)}`), isCustom: false };
}

function suffixOf(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
}

/** Regions whose endpoints have other names, and endpoints that variables request, are left to the SDK. */
export function hasUsualEndpoints(region: string, environment: Environment): boolean {
  const isRequested = (name: string) => environment[name]?.toLowerCase() === 'true';
  const isPublic = /^(us|af|ap|ca|cn|eu|il|me|mx|sa)-(gov-)?[a-z]+-\d+$/.test(region);
  return isPublic && !isRequested('AWS_USE_FIPS_ENDPOINT') && !isRequested('AWS_USE_DUALSTACK_ENDPOINT');
}
