import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { omitUndefined } from '#core/omit-undefined.ts';
import { sign } from '../../../functions/aws/client/sign.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const signatureIn = (headers: Record<string, string>) => headers['authorization']?.split('Signature=')[1];

describe('the vectors of AWS', () => {
  const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
  const scope = { service: 'service', region: 'us-east-1' };
  const time = new Date('2015-08-30T12:36:00Z');
  const host = { host: 'example.amazonaws.com' };
  const token =
    'AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==';

  test.each([
    [
      'get-vanilla',
      { method: 'GET', headers: host },
      '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
    ],
    [
      'post-vanilla',
      { method: 'POST', headers: host },
      '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
    ],
    [
      'post-x-www-form-urlencoded',
      {
        method: 'POST',
        headers: { ...host, 'content-type': 'application/x-www-form-urlencoded' },
        body: 'Param1=value1',
      },
      'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
    ],
    [
      'get-header-value-trim',
      { method: 'GET', headers: { ...host, 'my-header1': ' value1', 'my-header2': ' "a   b   c"' } },
      'acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736',
    ],
    [
      'post-sts-header-before',
      { method: 'POST', headers: host, token },
      '85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead',
    ],
  ])('%s', (_, { method, headers, body = '', token: sessionToken }: VectorRequest, signature) => {
    const credentials = sessionToken === undefined ? keys : { ...keys, sessionToken };

    const signed = sign({ method, path: '/', headers, body: bytes(body) }, credentials, scope, time);

    expect(signed).toMatchObject({ ...headers, 'x-amz-date': '20150830T123600Z' });
    expect(signatureIn(signed)).toBe(signature);
  });

  interface VectorRequest {
    method: string;
    headers: Record<string, string>;
    body?: string;
    token?: string;
  }
});

test.each([
  [
    'GET Object',
    { method: 'GET', path: '/test.txt', headers: { range: 'bytes=0-9' }, body: '' },
    'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
  ],
  [
    'PUT Object',
    {
      method: 'PUT',
      path: '/test%24file.text',
      headers: { date: 'Fri, 24 May 2013 00:00:00 GMT', 'x-amz-storage-class': 'REDUCED_REDUNDANCY' },
      body: 'Welcome to Amazon S3.',
    },
    '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  ],
])('the example of the S3 documentation: %s', (_, { method, path, headers, body }, signature) => {
  const credentials = {
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  };
  const host = { host: 'examplebucket.s3.amazonaws.com' };

  const signed = sign(
    { method, path, headers: { ...host, ...headers }, body: bytes(body) },
    credentials,
    { service: 's3', region: 'us-east-1' },
    new Date('2013-05-24T00:00:00Z'),
  );

  expect(signatureIn(signed)).toBe(signature);
});

type Data = string | ArrayBuffer | ArrayBufferView;

class Sha256 {
  readonly #hash: ReturnType<typeof createHash> | ReturnType<typeof createHmac>;

  constructor(secret?: Data) {
    this.#hash =
      secret === undefined ? createHash('sha256') : createHmac('sha256', secret as string | Uint8Array);
  }

  update(data: Data): void {
    this.#hash.update(data as string | Uint8Array);
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    throw new Error('the signer reuses no hash');
  }
}

test('any request has the signature of the SDK', async () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 40 });
  const visible = fc.stringMatching(/^[!-~]( ?[!-~]){0,20}$/);
  const anyRequest = fc.record({
    service: fc.constantFrom('s3', 'sqs', 'dynamodb'),
    body: text,
    headers: fc.dictionary(fc.stringMatching(/^x-[a-z]{1,8}$/), visible, { maxKeys: 4 }),
    secretAccessKey: visible,
    sessionToken: fc.option(visible, { nil: undefined }),
    millis: fc.integer({ min: 0, max: 4_000_000_000_000 }),
  });

  const check = async ({ service, body, headers, secretAccessKey, sessionToken, millis }: Signed) => {
    const credentials = {
      accessKeyId: 'AKID',
      secretAccessKey,
      ...omitUndefined({ sessionToken }),
    };
    const scope = { service, region: 'eu-central-1' };
    const all = { host: `${service}.eu-central-1.amazonaws.com`, ...headers };
    const time = new Date(millis);
    const signer = new SignatureV4({
      ...scope,
      credentials,
      sha256: Sha256,
      applyChecksum: service === 's3',
      uriEscapePath: false,
    });
    const request = { method: 'POST', protocol: 'https:', hostname: all.host, path: '/a%20b' };

    const expected = await signer.sign({ ...request, headers: all, body }, { signingDate: time });
    const signed = sign({ ...request, headers: all, body: bytes(body) }, credentials, scope, time);

    expect(signed['authorization']).toBe(expected.headers['authorization']);
  };

  interface Signed {
    service: string;
    body: string;
    headers: Record<string, string>;
    secretAccessKey: string;
    sessionToken: string | undefined;
    millis: number;
  }
  await fc.assert(fc.asyncProperty(anyRequest, check), { numRuns: 200 });
});
