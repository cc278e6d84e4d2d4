import type { SecretsCall } from './calls.ts';
import { awsServices } from './services.ts';

/** Time for which values are cached: reading the secret for each item would cost more than the item. */
const CACHE_MILLIS = 5 * 60 * 1000;

/** Returns the value of a secret, by its ARN. */
export type ReadSecret = (arn: string) => Promise<string>;

export function awsSecrets(secrets: SecretsCall = awsSecretsCall): ReadSecret {
  const cache = new Map<string, { readonly text: string; readonly until: number }>();
  return async (arn) => {
    const cached = cache.get(arn);
    if (cached !== undefined && cached.until > Date.now()) return cached.text;
    const { SecretString: text = '' } = await secrets('GetSecretValue', { SecretId: arn });
    cache.set(arn, { text, until: Date.now() + CACHE_MILLIS });
    return text;
  };
}

/** Connects at the first call, because CDK apps also load the modules of workers. */
const awsSecretsCall: SecretsCall = (operation, input) => awsServices().secrets(operation, input);
