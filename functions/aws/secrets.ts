import {
  GetSecretValueCommand,
  SecretsManagerClient,
  type SecretsManagerClientConfig,
} from '@aws-sdk/client-secrets-manager';

/**
 * Time until a changed secret takes effect. Reading the secret for each item would cost more than the item.
 */
const REMEMBERED_MILLIS = 5 * 60 * 1000;

/** Returns the value of a secret, by its ARN. */
export type ReadSecret = (arn: string) => Promise<string>;

export function awsSecrets(config: SecretsManagerClientConfig = {}): ReadSecret {
  let client: SecretsManagerClient | undefined;
  const known = new Map<string, { readonly text: string; readonly until: number }>();
  return async (arn) => {
    const remembered = known.get(arn);
    if (remembered !== undefined && remembered.until > Date.now()) return remembered.text;
    client ??= new SecretsManagerClient(config);
    const { SecretString: text = '' } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
    known.set(arn, { text, until: Date.now() + REMEMBERED_MILLIS });
    return text;
  };
}
