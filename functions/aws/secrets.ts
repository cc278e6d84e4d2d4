import {
  GetSecretValueCommand,
  SecretsManagerClient,
  type SecretsManagerClientConfig,
} from '@aws-sdk/client-secrets-manager';

/** Time for which values are cached: reading the secret for each item would cost more than the item. */
const CACHE_MILLIS = 5 * 60 * 1000;

/** Returns the value of a secret, by its ARN. */
export type ReadSecret = (arn: string) => Promise<string>;

export function awsSecrets(config: SecretsManagerClientConfig = {}): ReadSecret {
  let client: SecretsManagerClient | undefined;
  const cache = new Map<string, { readonly text: string; readonly until: number }>();
  return async (arn) => {
    const cached = cache.get(arn);
    if (cached !== undefined && cached.until > Date.now()) return cached.text;
    client ??= new SecretsManagerClient(config);
    const { SecretString: text = '' } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
    cache.set(arn, { text, until: Date.now() + CACHE_MILLIS });
    return text;
  };
}
