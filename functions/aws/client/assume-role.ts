import type { AssumeRole } from '../calls.ts';
import type { HttpResponse } from './exchange.ts';
import { BrokenResponse, elementIn } from './service-error.ts';
import type { SignedClient } from './signed-client.ts';

/** STS receives a form and returns XML. */
export function assumeRoleCall(client: SignedClient): AssumeRole {
  return ({ roleArn, sessionName, policy, durationSeconds }) => {
    const form = new URLSearchParams({
      Action: 'AssumeRole',
      Version: '2011-06-15',
      RoleArn: roleArn,
      RoleSessionName: sessionName,
      Policy: policy,
      DurationSeconds: String(durationSeconds),
    });
    const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
    return client({ method: 'POST', headers, body: form.toString() }, credentialsIn);
  };
}

function credentialsIn({ body }: HttpResponse) {
  const xml = body.toString();
  const element = (name: string) => {
    const text = elementIn(xml, name);
    if (text === undefined) throw new BrokenResponse(`STS returned no ${name}`);
    return text;
  };
  return {
    accessKeyId: element('AccessKeyId'),
    secretAccessKey: element('SecretAccessKey'),
    sessionToken: element('SessionToken'),
    expiresAt: Date.parse(element('Expiration')),
  };
}
