/**
 * Reads for one partition, with the credentials of a session that can only read the partition's objects and
 * the other buckets that jobs may read (docs/explanation/decisions/0015-two-walls-around-a-partition.md).
 */
import { createHash } from 'node:crypto';
import { BoundedMap } from '#core/bounded-map.ts';
import type { BucketName, ObjectAddress, ObjectKey } from '#core/object-address.ts';
import { ObjectForbidden, type Objects } from '#core/ports.ts';
import { type ReaderPolicy, readerPolicies } from '../store/reader-policy.ts';
import type { Services } from './calls.ts';
import { s3Objects } from './objects.ts';

/**
 * Maximum duration of a session when one role assumes another. The client renews it five minutes before the end.
 */
const SESSION_SECONDS = 3600;

/** Maximum number of partitions whose sessions an instance caches. */
const MAX_PARTITIONS = 100;

export interface SessionPorts {
  readonly services: Pick<Services, 'assumeRole' | 's3With'>;
  readonly role: string;
  readonly bucket: BucketName;
  /** The objects that the function itself may read. */
  readonly objects: Objects;
}

export type ObjectsFor = (partition: string) => Objects;

export function readerSessions(ports: SessionPorts): ObjectsFor {
  const known = new BoundedMap<string, Objects>(MAX_PARTITIONS);
  return (partition) => {
    const objects = known.get(partition) ?? partitionObjects(ports, partition);
    known.setNewest(partition, objects);
    return objects;
  };
}

interface Session extends ReaderPolicy {
  readonly objects: Objects;
}

function partitionObjects(ports: SessionPorts, partition: string): Objects {
  const { bucket, role, objects: own } = ports;
  const [, cloud = 'aws'] = role.split(':');
  const sessions = readerPolicies({ bucket, cloud }, partition).map(
    (policy): Session => ({ ...policy, objects: sessionObjects(ports, partition, policy) }),
  );
  /** For an object outside of the partition, any session works: S3 makes the same decision for each. */
  function sessionOf(key: string): Objects {
    const session = sessions.find(({ prefixes }) => prefixes.some((prefix) => key.startsWith(prefix)));
    const { objects } = session ?? sessions[0] ?? {};
    if (objects === undefined) throw new Error('a partition has no prefixes');
    return objects;
  }
  return {
    ...own,
    get: (address, range) =>
      orMissing(sessionOf(address.key), address, (objects) => objects.get(address, range)),
    describe: (address) => orMissing(sessionOf(address.key), address, (objects) => objects.describe(address)),
    list: (prefix, options) => sessionOf(prefix).list(prefix, options),
  };
}

/**
 * The session may list only below its prefixes, so S3 also responds with 403 for a missing object. A list
 * shows which case it is.
 */
async function orMissing<T>(
  objects: Objects,
  { bucket, key }: ObjectAddress,
  read: (objects: Objects) => Promise<T | undefined>,
): Promise<T | undefined> {
  try {
    return await read(objects);
  } catch (error) {
    const mayBeMissing = error instanceof ObjectForbidden && bucket === undefined;
    if (mayBeMissing && (await isMissing(objects, key))) return undefined;
    throw error;
  }
}

async function isMissing(objects: Objects, key: ObjectKey): Promise<boolean> {
  try {
    const { objects: found } = await objects.list(key, { limit: 1 });
    return found[0]?.key !== key;
  } catch {
    return false;
  }
}

function sessionObjects(
  { services, role, bucket }: SessionPorts,
  partition: string,
  { policy }: ReaderPolicy,
): Objects {
  const session = services.s3With(() =>
    services.assumeRole({
      roleArn: role,
      sessionName: sessionName(partition),
      policy,
      durationSeconds: SESSION_SECONDS,
    }),
  );
  return s3Objects(session, bucket);
}

/** Returns the session name that CloudTrail shows: readable if the id is, and unique per partition. */
function sessionName(partition: string): string {
  const hash = createHash('sha256').update(partition).digest('hex').slice(0, 12);
  return `${partition.replaceAll(/[^\w+=,.@-]/g, '_').slice(0, 40)}-${hash}`;
}
