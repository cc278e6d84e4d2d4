import { Readable } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import { expect, test } from 'vitest';
import { parseBucketName, parseObjectKey, parseObjectPrefix } from '#core/object-address.ts';
import { ObjectForbidden } from '#core/ports.ts';
import { s3Objects } from '../../functions/aws/objects.ts';
import { readerSessions } from '../../functions/aws/reader-sessions.ts';
import { MAX_POLICY_CHARACTERS } from '../../functions/store/reader-policy.ts';
import { getObject, isAllowed, listBucket, type Statement } from '../support/policy-evaluator.ts';

const ROLE = 'arn:aws:iam::123456789012:role/reader';
const OBJECTS = new Map([
  ['own/uploads/p/x', 'of p'],
  ['own/uploads/q/x', 'of q'],
  ['theirs/x', 'of everybody'],
]);

/**
 * Simulates STS and S3 on the wire, below the real SDK. S3 enforces the session's policy, and responds with
 * 403 or 404.
 */
function aCloud() {
  const sessions: { name: string; statements: readonly Statement[] }[] = [];
  const asks: string[] = [];
  const answer = (statusCode: number, body: string) => ({
    response: { statusCode, headers: {}, body: Readable.from([Buffer.from(body)]) },
  });
  const settings = {
    region: 'us-east-1',
    endpoint: 'http://127.0.0.1:9',
    credentials: { accessKeyId: 'function', secretAccessKey: 'function' },
    maxAttempts: 1,
  };
  const sts = new STSClient({
    ...settings,
    requestHandler: {
      async handle({ body }: { body?: unknown }) {
        const asked = new URLSearchParams(String(body));
        expect(asked.get('RoleArn')).toBe(ROLE);
        const policy = asked.get('Policy') ?? '';
        expect(policy.length).toBeLessThanOrEqual(MAX_POLICY_CHARACTERS);
        sessions.push({ name: asked.get('RoleSessionName') ?? '', statements: JSON.parse(policy).Statement });
        const expiration = new Date(Date.now() + 3_600_000).toISOString();
        return answer(
          200,
          `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>session</AccessKeyId>
           <SecretAccessKey>s</SecretAccessKey><SessionToken>${sessions.length - 1}</SessionToken>
           <Expiration>${expiration}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
        );
      },
    },
  });
  const s3 = new S3Client({
    ...settings,
    forcePathStyle: true,
    requestHandler: {
      async handle(request: {
        path: string;
        headers: Record<string, string>;
        query: Record<string, string>;
      }) {
        const session = sessions[Number(request.headers['x-amz-security-token'])];
        const path = decodeURIComponent(request.path.slice(1));
        const [bucket = '', ...rest] = path.split('/');
        const key = rest.join('/');
        asks.push(`${session?.name.split('-')[0]} ${path}`);
        const isListing = request.query['list-type'] !== undefined;
        const access = isListing ? listBucket(bucket, request.query['prefix'] ?? '') : getObject(bucket, key);
        if (session === undefined || !isAllowed(session.statements, access))
          return answer(403, '<Error><Code>AccessDenied</Code></Error>');
        if (isListing) {
          const keys = [...OBJECTS.keys()].filter((one) =>
            one.startsWith(`${bucket}/${request.query['prefix']}`),
          );
          const contents = keys.map(
            (one) => `<Contents><Key>${one.slice(bucket.length + 1)}</Key></Contents>`,
          );
          return answer(200, `<ListBucketResult>${contents.join('')}</ListBucketResult>`);
        }
        const object = OBJECTS.get(path);
        if (object !== undefined) return answer(200, object);
        // Without permission to list, S3 does not reveal that an object is missing.
        const mayList = isAllowed(session.statements, { ...listBucket(bucket, ''), context: {} });
        return mayList
          ? answer(404, '<Error><Code>NoSuchKey</Code></Error>')
          : answer(403, '<Error><Code>AccessDenied</Code></Error>');
      },
    },
  });
  const bucket = parseBucketName('own');
  const objectsFor = readerSessions({ sts, s3, role: ROLE, bucket, objects: s3Objects(s3, bucket) });
  const read = async (partition: string, key: string, other?: string) => {
    const address = { key: parseObjectKey(key), ...(other && { bucket: parseBucketName(other) }) };
    const bytes = await objectsFor(partition).get(address);
    return bytes && new TextDecoder().decode(bytes);
  };
  return { sessions, asks, objectsFor, read };
}

test('each partition reads with its own session, which is requested once', async () => {
  const { read, sessions } = aCloud();

  expect(await read('p', 'uploads/p/x')).toBe('of p');
  expect(await read('p', 'uploads/p/x')).toBe('of p');
  expect(await read('q', 'uploads/q/x')).toBe('of q');
  expect(await read('q', 'x', 'theirs')).toBe('of everybody');

  expect(sessions.map(({ name }) => name)).toEqual([
    expect.stringMatching(/^p-[0-9a-f]{12}$/),
    expect.stringMatching(/^q-/),
  ]);
});

test('S3 itself refuses objects of another partition, even if their bucket is named', async () => {
  const { read, asks } = aCloud();

  await expect(read('p', 'uploads/q/x')).rejects.toThrow(ObjectForbidden);
  await expect(read('p', 'uploads/q/x', 'own')).rejects.toThrow(ObjectForbidden);
  await expect(read('p', 'requests/p/j/x.json')).rejects.toThrow(ObjectForbidden);
  expect(new Set(asks.map((ask) => ask.split(' ')[0]))).toEqual(new Set(['p']));
});

test('a missing object is distinguished from a forbidden one', async () => {
  const { read, objectsFor } = aCloud();

  expect(await read('p', 'uploads/p/none')).toBeUndefined();
  expect(await objectsFor('p').describe({ key: parseObjectKey('uploads/p/none') })).toBeUndefined();
  expect(await read('p', 'none', 'theirs')).toBeUndefined();
});

test('only prefixes of the partition are listed', async () => {
  const { objectsFor } = aCloud();

  const { objects } = await objectsFor('p').list(parseObjectPrefix('uploads/p/'));

  expect(objects.map(({ key }) => key)).toEqual(['uploads/p/x']);
  for (const prefix of ['', 'uploads/', 'uploads/p', 'uploads/q/'])
    await expect(objectsFor('p').list(parseObjectPrefix(prefix))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
});

test('an id that makes the policy too long has a session for each prefix', async () => {
  const { read, sessions } = aCloud();
  const long = '語'.repeat(40);

  await read(long, `uploads/${encodeURIComponent(long)}/none`);
  await read(long, `data/${encodeURIComponent(long)}/none`);

  expect(sessions).toHaveLength(2);
  expect(sessions.map(({ statements }) => statements[0]?.Resource)).toEqual([
    [`arn:aws:s3:::own/uploads/${encodeURIComponent(long)}/*`],
    [`arn:aws:s3:::own/data/${encodeURIComponent(long)}/*`],
  ]);
});

test('an id with an IAM wildcard gets no session', () => {
  const { objectsFor } = aCloud();

  expect(() => objectsFor('*')).toThrow('wildcard');
});

test('sessions of the most recently used partitions are cached', async () => {
  const { read, sessions } = aCloud();
  const use = (n: number) => read(`p${n}`, `uploads/p${n}/x`);

  for (let n = 0; n < 100; n += 1) await use(n);
  await use(0);
  await use(100);
  await use(0);
  const before = sessions.length;
  await use(1);

  expect([before, sessions.length]).toEqual([101, 102]);
});
