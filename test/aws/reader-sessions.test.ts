import { describe, expect, onTestFinished, test } from 'vitest';
import { parseBucketName, parseObjectKey, parseObjectPrefix } from '#core/object-address.ts';
import { ObjectForbidden } from '#core/ports.ts';
import type { Services } from '../../functions/aws/calls.ts';
import { s3Objects } from '../../functions/aws/objects.ts';
import { readerSessions } from '../../functions/aws/reader-sessions.ts';
import { MAX_POLICY_CHARACTERS } from '../../functions/store/reader-policy.ts';
import { clients } from '../support/aws-services.ts';
import { getObject, isAllowed, listBucket, type Statement } from '../support/policy-evaluator.ts';
import { webServer } from '../support/web-server.ts';

const ROLE = 'arn:aws:iam::123456789012:role/reader';
const OBJECTS = new Map([
  ['own/uploads/p/x', 'of p'],
  ['own/uploads/q/x', 'of q'],
  ['theirs/x', 'of everybody'],
]);

/** A server for STS and S3. S3 enforces the session's policy, and responds with 403 or 404. */
async function aCloud(servicesAt: (url: string) => Services) {
  const sessions: { name: string; statements: readonly Statement[] }[] = [];
  const asks: string[] = [];

  /** Returns the response of STS. */
  function session(body: string): string {
    const asked = new URLSearchParams(body);
    const policy = asked.get('Policy') ?? '';
    expect(asked.get('RoleArn')).toBe(ROLE);
    expect(policy.length).toBeLessThanOrEqual(MAX_POLICY_CHARACTERS);
    sessions.push({ name: asked.get('RoleSessionName') ?? '', statements: JSON.parse(policy).Statement });
    const expiration = new Date(Date.now() + 3_600_000).toISOString();
    return `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>session</AccessKeyId>
      <SecretAccessKey>s</SecretAccessKey><SessionToken>${sessions.length - 1}</SessionToken>
      <Expiration>${expiration}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;
  }

  /** Returns status and body of the response of S3. */
  function object(url: URL, token: unknown): [number, string] {
    const reader = sessions[Number(token)];
    const path = decodeURIComponent(url.pathname.slice(1));
    const [bucket = '', ...rest] = path.split('/');
    asks.push(`${reader?.name.split('-')[0]} ${path}`);
    const prefix = url.searchParams.get('prefix') ?? '';
    const isListing = url.searchParams.has('list-type');
    const access = isListing ? listBucket(bucket, prefix) : getObject(bucket, rest.join('/'));
    if (reader === undefined || !isAllowed(reader.statements, access))
      return [403, '<Error><Code>AccessDenied</Code></Error>'];
    if (isListing) {
      const keys = [...OBJECTS.keys()].filter((one) => one.startsWith(`${bucket}/${prefix}`));
      const contents = keys.map((one) => `<Contents><Key>${one.slice(bucket.length + 1)}</Key></Contents>`);
      return [200, `<ListBucketResult>${contents.join('')}</ListBucketResult>`];
    }
    const content = OBJECTS.get(path);
    if (content !== undefined) return [200, content];
    // Without permission to list, S3 does not reveal that an object is missing.
    const mayList = isAllowed(reader.statements, { ...listBucket(bucket, ''), context: {} });
    return mayList
      ? [404, '<Error><Code>NoSuchKey</Code></Error>']
      : [403, '<Error><Code>AccessDenied</Code></Error>'];
  }

  const server = await webServer(({ method, path, body }, response) => {
    const token = server.requests.at(-1)?.headers['x-amz-security-token'];
    const [status, content] =
      method === 'POST' ? [200, session(body)] : object(new URL(path, server.url), token);
    response.writeHead(status).end(method === 'HEAD' ? undefined : content);
  });
  onTestFinished(() => server.close());
  const services = servicesAt(server.url);
  const bucket = parseBucketName('own');
  const objectsFor = readerSessions({
    services,
    role: ROLE,
    bucket,
    objects: s3Objects(services.s3, bucket),
  });
  const read = async (partition: string, key: string, other?: string) => {
    const address = { key: parseObjectKey(key), ...(other && { bucket: parseBucketName(other) }) };
    const bytes = await objectsFor(partition).get(address);
    return bytes && new TextDecoder().decode(bytes);
  };
  return { sessions, asks, objectsFor, read };
}

describe.each(Object.entries(clients))('with %s', (_, servicesAt) => {
  test('each partition reads with its own session, which is requested once', async () => {
    const { read, sessions } = await aCloud(servicesAt);

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
    const { read, asks } = await aCloud(servicesAt);

    await expect(read('p', 'uploads/q/x')).rejects.toThrow(ObjectForbidden);
    await expect(read('p', 'uploads/q/x', 'own')).rejects.toThrow(ObjectForbidden);
    await expect(read('p', 'requests/p/j/x.json')).rejects.toThrow(ObjectForbidden);
    expect(new Set(asks.map((ask) => ask.split(' ')[0]))).toEqual(new Set(['p']));
  });

  test('a missing object is distinguished from a forbidden one', async () => {
    const { read, objectsFor } = await aCloud(servicesAt);

    expect(await read('p', 'uploads/p/none')).toBeUndefined();
    expect(await objectsFor('p').describe({ key: parseObjectKey('uploads/p/none') })).toBeUndefined();
    expect(await read('p', 'none', 'theirs')).toBeUndefined();
  });

  test('only prefixes of the partition are listed', async () => {
    const { objectsFor } = await aCloud(servicesAt);

    const { objects } = await objectsFor('p').list(parseObjectPrefix('uploads/p/'));

    expect(objects.map(({ key }) => key)).toEqual(['uploads/p/x']);
    for (const prefix of ['', 'uploads/', 'uploads/p', 'uploads/q/'])
      await expect(objectsFor('p').list(parseObjectPrefix(prefix))).rejects.toMatchObject({
        name: 'AccessDenied',
      });
  });

  test('an id that makes the policy too long has a session for each prefix', async () => {
    const { read, sessions } = await aCloud(servicesAt);
    const long = '語'.repeat(40);

    await read(long, `uploads/${encodeURIComponent(long)}/none`);
    await read(long, `data/${encodeURIComponent(long)}/none`);

    expect(sessions).toHaveLength(2);
    expect(sessions.map(({ statements }) => statements[0]?.Resource)).toEqual([
      [`arn:aws:s3:::own/uploads/${encodeURIComponent(long)}/*`],
      [`arn:aws:s3:::own/data/${encodeURIComponent(long)}/*`],
    ]);
  });

  test('an id with an IAM wildcard gets no session', async () => {
    const { objectsFor } = await aCloud(servicesAt);

    expect(() => objectsFor('*')).toThrow('wildcard');
  });

  test('sessions of the most recently used partitions are cached', async () => {
    const { read, sessions } = await aCloud(servicesAt);
    const use = (n: number) => read(`p${n}`, `uploads/p${n}/x`);

    for (let n = 0; n < 100; n += 1) await use(n);
    await use(0);
    await use(100);
    await use(0);
    const before = sessions.length;
    await use(1);

    expect([before, sessions.length]).toEqual([101, 102]);
  });
});
