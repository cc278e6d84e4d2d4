/** Ways to put a bug between the API or the dispatcher and the rows of jobs. */
import type { Key, Query, Row, Table, Write } from '#core/ports.ts';
import type { InstancePorts } from './ports.ts';
import { keyOf, withTable } from './tampering.ts';

type Transaction = readonly Write[];

/** Each transaction becomes another one. */
export function transacting(
  ports: InstancePorts,
  change: (writes: Transaction) => Transaction,
): InstancePorts {
  return withTable(ports, { transact: (writes) => ports.table.transact(change(writes)) });
}

/** The transaction that makes this entry of the history. */
export function isOf(verb: string, writes: Transaction): boolean {
  return writes.some((write) => write.kind === 'put' && write.row['verb'] === verb);
}

/** Of the transactions that make this entry, each write. */
export function onVerb(
  verb: string,
  change: (write: Write) => Write,
): (ports: InstancePorts) => InstancePorts {
  return (ports) => transacting(ports, (writes) => (isOf(verb, writes) ? writes.map(change) : writes));
}

/** Whatever stands there. */
export function unconditional(write: Write): Write {
  return { ...write, when: [] } as Write;
}

/** The same without the rows of which `isLost` says so. */
export function without(
  verb: string,
  isLost: (key: Key) => boolean,
): (ports: InstancePorts) => InstancePorts {
  return (ports) =>
    transacting(ports, (writes) =>
      isOf(verb, writes) ? writes.filter((write) => !isLost(keyOf(write))) : writes,
    );
}

/** The row that is put, if it is one of these, with other attributes. */
export function putting(sk: RegExp, attributes: (row: Row) => object): (write: Write) => Write {
  return (write) => {
    if (write.kind !== 'put' || !sk.test(write.row.sk)) return write;
    const entries = Object.entries({ ...write.row, ...attributes(write.row) });
    return { ...write, row: Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Row };
  };
}

/** An update of a job that also takes away what it owes. */
export function payingNothing(write: Write): Write {
  if (write.kind !== 'update' || write.key.sk !== 'JOB') return write;
  const { remove = [], ...change } = write.change;
  return { ...write, change: { ...change, remove: [...remove, 'followUp'] } };
}

/** Answered as if it were written. */
export function pretending(verb: string): (ports: InstancePorts) => InstancePorts {
  return (ports) =>
    withTable(ports, {
      transact: async (writes) =>
        isOf(verb, writes) ? { outcome: 'written', units: 0 } : ports.table.transact(writes),
    });
}

/** A bulk action works on the jobs as its index showed them, whatever became of them since. */
export function believingTheIndex(ports: InstancePorts): InstancePorts {
  const shown = new Map<string, Row>();
  const table: Partial<Table> = {
    async query(query) {
      const page = await ports.table.query(query);
      if (query.index !== undefined) for (const row of page.rows) shown.set(row.pk, row);
      return page;
    },
    async get(key, options) {
      const row = key.sk === 'JOB' ? shown.get(key.pk) : undefined;
      return row === undefined ? ports.table.get(key, options) : { row, units: 0 };
    },
    transact: (writes) =>
      ports.table.transact(
        writes.map((write) => (shown.has(keyOf(write).pk) ? { ...write, when: [] } : write)),
      ),
  };
  return withTable(ports, table);
}

/** Nothing below this prefix is found. */
export function unseen(prefix: string): (ports: InstancePorts) => InstancePorts {
  return (ports) => ({
    ...ports,
    objects: {
      ...ports.objects,
      get: async (address, range) =>
        address.key.startsWith(prefix) ? undefined : ports.objects.get(address, range),
      list: async (given, options) =>
        given.startsWith(prefix) ? { objects: [] } : ports.objects.list(given, options),
    },
  });
}

/** Of the rows of a job, or of a line, these are not found. */
export function unlisted(isHidden: (query: Query) => boolean): (ports: InstancePorts) => InstancePorts {
  return (ports) =>
    withTable(ports, {
      query: async (query) => (isHidden(query) ? { rows: [], units: 0 } : ports.table.query(query)),
    });
}

/** Rows of jobs are put though somebody has called them since they were read. */
export function deafToCalls(ports: InstancePorts): InstancePorts {
  const change = (write: Write): Write => {
    if (write.kind !== 'put' || write.row.sk !== 'JOB' || write.when === undefined) return write;
    return {
      ...write,
      when: write.when.filter((one) => 'anyOf' in one || one.attribute !== 'startRevision'),
    };
  };
  return withTable(ports, {
    async write(write, returns) {
      const changed = change(write);
      if (changed !== write) await linger(ports, keyOf(write));
      return ports.table.write(changed, returns);
    },
    transact: (writes) => ports.table.transact(writes.map(change)),
  });
}

/** What a bug waits for must have time to happen. */
const LOOKS_IN_BETWEEN = 25;

async function linger({ table }: InstancePorts, key: Key): Promise<void> {
  for (let looks = 0; looks < LOOKS_IN_BETWEEN; looks += 1) await table.get(key);
}

/** Of the transactions that make this entry, each write, whatever became of its row since that was read. */
export function lateAndUnconditional(verb: string): (ports: InstancePorts) => InstancePorts {
  return (ports) =>
    withTable(ports, {
      async transact(writes) {
        const [first] = writes;
        if (first === undefined || !isOf(verb, writes)) return ports.table.transact(writes);
        await linger(ports, keyOf(first));
        return ports.table.transact(writes.map(unconditional));
      },
    });
}

/** The update that counts the places of a partition, as `change` makes it; `undefined`: there is none. */
export function counting(
  change: (write: Write & { kind: 'update' }) => Write | undefined,
): (ports: InstancePorts) => InstancePorts {
  return (ports) =>
    transacting(ports, (writes) =>
      writes.flatMap((write) => {
        if (write.kind !== 'update' || write.key.sk !== 'PARTITION') return [write];
        const changed = change(write);
        return changed === undefined ? [] : [changed];
      }),
    );
}

/** Who gets in line looks whether it can go on at once; who leaves a place looks for nobody. */
export function callingNobody(ports: InstancePorts): InstancePorts {
  let isInLine = false;
  return withTable(ports, {
    async query(query) {
      if (!query.pk.endsWith('#Q') || isInLine) return ports.table.query(query);
      return { rows: [], units: 0 };
    },
    async transact(writes) {
      isInLine = writes.some((write) => write.kind === 'put' && write.row.pk.endsWith('#Q'));
      return ports.table.transact(writes);
    },
  });
}

/** A claim of an Idempotency-Key is a write of its own, and a job that does not exist yet counts as deleted. */
export function claimingFirst(ports: InstancePorts): InstancePorts {
  const { table } = ports;
  let hasClaim = false;
  return withTable(ports, {
    async get(key, options) {
      const answer = await table.get(key, options);
      if (key.sk === 'KEY') hasClaim = answer.row !== undefined;
      if (!hasClaim || key.sk !== 'JOB' || answer.row !== undefined) return answer;
      return { row: { ...key, status: 'Deleted', generation: 1 }, units: 0 };
    },
    async transact(writes) {
      const claim = writes.find((write) => keyOf(write).sk === 'KEY');
      if (claim === undefined) return table.transact(writes);
      const { outcome, row } = await table.write(claim);
      if (outcome === 'written') return table.transact(writes.filter((write) => write !== claim));
      hasClaim = true;
      return { outcome, refused: writes.map((write) => (write === claim ? row : undefined)), units: 0 };
    },
  });
}
