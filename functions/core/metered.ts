/**
 * Ports that count their billed operations into a meter, by job. Operations that belong to no single job,
 * such as listing jobs, are not counted. Queues and objects count before the call, because AWS bills every
 * attempt; the table counts afterwards, because only its answer contains the cost.
 */
import type { JobKey } from './job.ts';
import type { Meter, Operations } from './meter.ts';
import type { PrefixAddress } from './object-address.ts';
import type { Objects, Queues, Table, Write } from './ports.ts';
import { bodyBytes, sendRequests } from './units.ts';

export type JobOf = (key: string) => JobKey | undefined;

/** `jobOf` returns the job of a partition key (`jobOfKey` in `functions/store/keys.ts`). */
export function meteredTable(table: Table, meter: Meter, jobOf: JobOf): Table {
  const count = (pk: string, operations: Operations): void => {
    const job = jobOf(pk);
    if (job !== undefined) meter.count(job, operations);
  };
  return {
    async get(key, options) {
      const answer = await table.get(key, options);
      count(key.pk, { readUnits: answer.units });
      return answer;
    },
    async write(write, returns) {
      const answer = await table.write(write, returns);
      count(pkOf(write), { writeUnits: answer.units });
      return answer;
    },
    async transact(writes) {
      const answer = await table.transact(writes);
      const share = answer.units / writes.length;
      for (const write of writes) count(pkOf(write), { writeUnits: share });
      return answer;
    },
    async query(query) {
      const page = await table.query(query);
      count(query.pk, { readUnits: page.units });
      return page;
    },
  };
}

function pkOf(write: Write): string {
  return write.kind === 'put' ? write.row.pk : write.key.pk;
}

/** The messages of a send share its requests. Each message names its job. */
export function meteredQueues(queues: Queues, meter: Meter): Queues {
  return {
    has: (queue) => queues.has(queue),
    send(queue, messages) {
      const requests = sendRequests(bodyBytes(messages));
      for (const message of messages) {
        const job = jobOfMessage(message.body);
        if (job !== undefined) meter.count(job, { queueRequests: requests / messages.length });
      }
      return queues.send(queue, messages);
    },
  };
}

/** Matches the start of a message that jobtree wrote. It avoids parsing 64 KB of JSON to find the job. */
const MESSAGE_START =
  /^\{"v":\d+,(?:"kind":"\w+",)?"partition":("(?:[^"\\]|\\.)*"),"job":("(?:[^"\\]|\\.)*")/;

export function jobOfMessage(body: string): JobKey | undefined {
  const start = MESSAGE_START.exec(body);
  if (start !== null) return { partition: JSON.parse(start[1] ?? ''), job: JSON.parse(start[2] ?? '') };
  try {
    const { partition, job } = JSON.parse(body);
    return typeof partition === 'string' && typeof job === 'string' ? { partition, job } : undefined;
  } catch {
    // The receiver refuses the message; there is only no job to bill.
    return undefined;
  }
}

/**
 * `jobOf` returns the job of an object in the stack's bucket. Operations on other objects count for `job`.
 */
export function meteredObjects(objects: Objects, meter: Meter, jobOf: JobOf, job?: JobKey): Objects {
  const count = ({ bucket, key }: PrefixAddress, operations: Operations): void => {
    const payer = (bucket === undefined ? jobOf(key) : undefined) ?? job;
    if (payer !== undefined) meter.count(payer, operations);
  };
  return {
    put(key, body, options) {
      count({ key }, { objectPuts: 1 });
      return objects.put(key, body, options);
    },
    putIfAbsent(key, body, options) {
      count({ key }, { objectPuts: 1 });
      return objects.putIfAbsent(key, body, options);
    },
    async putStream(key, body, options) {
      const written = await objects.putStream(key, body, options);
      count({ key }, { objectPuts: written.requests });
      return written;
    },
    get(address, range) {
      count(address, { objectGets: 1 });
      return objects.get(address, range);
    },
    describe(address) {
      count(address, { objectGets: 1 });
      return objects.describe(address);
    },
    list(prefix, options = {}) {
      count({ ...options, key: prefix }, { objectLists: 1 });
      return objects.list(prefix, options);
    },
    // Deleting is free.
    delete: (keys) => objects.delete(keys),
  };
}
