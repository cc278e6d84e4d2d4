/** Evaluates the part of IAM's policy language that the stack uses: Allow, wildcards, NotResource and StringLike. */
import type { BucketName } from '#core/object-address.ts';
import { ObjectForbidden, type Objects } from '#core/ports.ts';
import { sourceCaches } from '../../functions/sources/source-caches.ts';
import { readerPolicies } from '../../functions/store/reader-policy.ts';
import { BUCKETS } from './buckets.ts';

export interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Conditions;
}

type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

export interface AccessRequest {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string>>;
}

export function isAllowed(statements: readonly Statement[], request: AccessRequest): boolean {
  return statements.some((statement) => {
    if (statement.Effect !== 'Allow') throw new Error(`effect ${statement.Effect} is not evaluated here`);
    const { Action, Resource, NotResource, Condition = {} } = statement;
    const isOfResource =
      Resource === undefined
        ? !matchesAny(NotResource ?? '*', request.resource)
        : matchesAny(Resource, request.resource);
    return isOfResource && matchesAny(Action, request.action) && holds(Condition, request);
  });
}

function holds(conditions: Conditions, { context = {} }: AccessRequest): boolean {
  const { StringLike = {}, ...others } = conditions;
  const [other] = Object.keys(others);
  if (other !== undefined) throw new Error(`condition ${other} is not evaluated here`);
  return Object.entries(StringLike).every(([key, patterns]) => {
    const value = context[key];
    return value !== undefined && matchesAny(patterns, value);
  });
}

function matchesAny(patterns: string | readonly string[], text: string): boolean {
  return [patterns].flat().some((pattern) => like(pattern).test(text));
}

const expressions = new Map<string, RegExp>();

function like(pattern: string): RegExp {
  const cache = expressions.get(pattern);
  if (cache !== undefined) return cache;
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\/]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const expression = new RegExp(`^${source}$`, 's');
  expressions.set(pattern, expression);
  return expression;
}

export function getObject(bucket: string, key: string): AccessRequest {
  return { action: 's3:GetObject', resource: `arn:aws:s3:::${bucket}/${key}` };
}

export function listBucket(bucket: string, prefix: string): AccessRequest {
  return { action: 's3:ListBucket', resource: `arn:aws:s3:::${bucket}`, context: { 's3:prefix': prefix } };
}

/** Ports of a function that reads for jobs; S3 in memory refuses what a session of the partition may not read. */
export function readingPorts(objects: Objects, buckets: typeof BUCKETS = BUCKETS) {
  const cache = new Map<string, Objects>();
  const objectsFor = (partition: string): Objects => {
    const sessionReader = cache.get(partition) ?? sessionObjects(objects, buckets.bucket, partition);
    cache.set(partition, sessionReader);
    return sessionReader;
  };
  return { ...buckets, objectsFor, caches: sourceCaches() };
}

function sessionObjects(objects: Objects, ownBucket: BucketName, partition: string): Objects {
  const statements = readerPolicies({ bucket: ownBucket, cloud: 'aws' }, partition).flatMap(
    ({ policy }): Statement[] => JSON.parse(policy).Statement,
  );
  const check = (request: AccessRequest): void => {
    if (!isAllowed(statements, request))
      throw new ObjectForbidden(`the session does not let this function read '${request.resource}'`);
  };
  return {
    ...methodsOf(objects),
    get: async (address, range) => {
      check(getObject(address.bucket ?? ownBucket, address.key));
      return objects.get(address, range);
    },
    describe: async (address) => {
      check(getObject(address.bucket ?? ownBucket, address.key));
      return objects.describe(address);
    },
    list: async (prefix, options) => {
      check(listBucket(options?.bucket ?? ownBucket, prefix));
      return objects.list(prefix, options);
    },
  };
}

/** Binds each method explicitly, because a spread does not copy the methods of a class. */
function methodsOf(objects: Objects): Omit<Objects, 'get' | 'describe' | 'list'> {
  return {
    put: (...args) => objects.put(...args),
    putIfAbsent: (...args) => objects.putIfAbsent(...args),
    putStream: (...args) => objects.putStream(...args),
    delete: (...args) => objects.delete(...args),
  };
}
