/**
 * Ports that count into a meter, by job, what their use is billed. What can't be laid at the door of a job, such as a
 * list of jobs, is not counted. Queues and objects are billed for the attempt, so they count before the call; the table
 * says only afterwards what a call cost.
 */
import type { JobKey } from './job.ts';
import type { Meter, Operations } from './meter.ts';
import type { PrefixAddress } from './object-address.ts';
import type { Objects, Queues, Table, Write } from './ports.ts';
import { bodyBytes, sendRequests } from './units.ts';

export type JobOf = (key: string) => JobKey | undefined;

/** `jobOf` tells the job of a partition key (`jobOfKey` in `functions/store/keys.ts`). */
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

/** The requests of a send are shared by its messages; each names its job itself. */
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

/** The start of a message as our own code writes it: there is no need to parse 64 KB to know whose they are. */
const MESSAGE_START =
  /^\{"v":\d+,(?:"kind":"\w+",)?"partition":("(?:[^"\\]|\\.)*"),"job":("(?:[^"\\]|\\.)*")/;

export function jobOfMessage(body: string): JobKey | undefined {
  const start = MESSAGE_START.exec(body);
  if (start !== null) return { partition: JSON.parse(start[1] ?? ''), job: JSON.parse(start[2] ?? '') };
  try {
    const { partition, job } = JSON.parse(body);
    return typeof partition === 'string' && typeof job === 'string' ? { partition, job } : undefined;
  } catch {
    // Whoever reads the message refuses it; there is only nobody to bill.
    return undefined;
  }
}

/** `jobOf` tells the job of an object of ours; `job` pays for what lies elsewhere. */
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
