/** Ways to plant bugs between the API or the dispatcher and the rows of jobs. */
import type { Key, Query, Row, Table, Write } from '#core/ports.ts';
import type { InstancePorts } from './ports.ts';
import { keyOf, withTable } from './tampering.ts';

type Transaction = readonly Write[];

/** Changes every transaction. */
export function changingTransactions(
  ports: InstancePorts,
  change: (writes: Transaction) => Transaction,
): InstancePorts {
  return withTable(ports, { transact: (writes) => ports.table.transact(change(writes)) });
}

/** True if the transaction adds a history entry with this verb. */
export function isOf(verb: string, writes: Transaction): boolean {
  return writes.some((write) => write.kind === 'put' && write.row['verb'] === verb);
}

/** Changes each write of the transactions that add a history entry with this verb. */
export function onVerb(
  verb: string,
  change: (write: Write) => Write,
): (ports: InstancePorts) => InstancePorts {
  return (ports) =>
    changingTransactions(ports, (writes) => (isOf(verb, writes) ? writes.map(change) : writes));
}

/** Removes the conditions of a write. */
export function unconditional(write: Write): Write {
  return { ...write, when: [] } as Write;
}

/** Drops the writes that `isLost` selects from the transactions with this verb. */
export function droppingWrites(
  verb: string,
  isSelected: (key: Key) => boolean,
): (ports: InstancePorts) => InstancePorts {
  return (ports) =>
    changingTransactions(ports, (writes) =>
      isOf(verb, writes) ? writes.filter((write) => !isSelected(keyOf(write))) : writes,
    );
}

/** A job whose items all failed is stored as completed. */
export function completingAllFailed(ports: InstancePorts): InstancePorts {
  const isReason = (write: Write) => write.kind === 'put' && write.row['code'] === 'all-items-failed';
  const complete = (write: Write): Write =>
    changingPutRows(/^H#/, () => ({ verb: 'complete', to: 'Completed' }))(
      changingPutRows(/^JOB$/, () => ({ status: 'Completed' }))(write),
    );
  return changingTransactions(ports, (writes) =>
    writes.some(isReason) ? writes.filter((write) => !isReason(write)).map(complete) : writes,
  );
}

/** Changes attributes of each put row whose sort key matches. */
export function changingPutRows(sk: RegExp, attributes: (row: Row) => object): (write: Write) => Write {
  return (write) => {
    if (write.kind !== 'put' || !sk.test(write.row.sk)) return write;
    const entries = Object.entries({ ...write.row, ...attributes(write.row) });
    return { ...write, row: Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Row };
  };
}

/** Makes an update of a job also remove its follow-up. */
export function withoutFollowUp(write: Write): Write {
  if (write.kind !== 'update' || write.key.sk !== 'JOB') return write;
  const { remove = [], ...change } = write.change;
  return { ...write, change: { ...change, remove: [...remove, 'followUp'] } };
}

/** Transactions with this verb are acknowledged but not written. */
export function acknowledgingOnly(verb: string): (ports: InstancePorts) => InstancePorts {
  return (ports) =>
    withTable(ports, {
      transact: async (writes) =>
        isOf(verb, writes) ? { kind: 'written', units: 0 } : ports.table.transact(writes),
    });
}

/** A bulk action trusts the rows of its index and overwrites later changes. */
export function trustingIndexRows(ports: InstancePorts): InstancePorts {
  const indexRows = new Map<string, Row>();
  const table: Partial<Table> = {
    async query(query) {
      const page = await ports.table.query(query);
      if (query.index !== undefined) for (const row of page.rows) indexRows.set(row.pk, row);
      return page;
    },
    async get(key, options) {
      const row = key.sk === 'JOB' ? indexRows.get(key.pk) : undefined;
      return row === undefined ? ports.table.get(key, options) : { row, units: 0 };
    },
    transact: (writes) =>
      ports.table.transact(
        writes.map((write) => (indexRows.has(keyOf(write).pk) ? { ...write, when: [] } : write)),
      ),
  };
  return withTable(ports, table);
}

/** Objects under this prefix are not found. */
export function hidingObjects(prefix: string): (ports: InstancePorts) => InstancePorts {
  return (ports) => ({
    ...ports,
    objects: {
      ...ports.objects,
      get: async (address, range) =>
        address.key.startsWith(prefix) ? undefined : ports.objects.get(address, range),
      list: async (keyPrefix, options) =>
        keyPrefix.startsWith(prefix) ? { objects: [] } : ports.objects.list(keyPrefix, options),
    },
  });
}

/** Queries that `isHidden` selects return no rows. */
export function hidingRows(isHidden: (query: Query) => boolean): (ports: InstancePorts) => InstancePorts {
  return (ports) =>
    withTable(ports, {
      query: async (query) => (isHidden(query) ? { rows: [], units: 0 } : ports.table.query(query)),
    });
}

/** Job rows are written even if a wake-up arrived after they were read. */
export function ignoringWakeUps(ports: InstancePorts): InstancePorts {
  const change = (write: Write): Write => {
    if (write.kind !== 'put' || write.row.sk !== 'JOB' || write.when === undefined) return write;
    return {
      ...write,
      when: write.when.filter((condition) => 'anyOf' in condition || condition.attribute !== 'startRevision'),
    };
  };
  return withTable(ports, {
    async write(write, returns) {
      const changedWrite = change(write);
      if (changedWrite !== write) await delay(ports, keyOf(write));
      return ports.table.write(changedWrite, returns);
    },
    transact: (writes) => ports.table.transact(writes.map(change)),
  });
}

/** Number of reads that delay a write, so that the awaited race can happen. */
const DELAYING_READS = 25;

async function delay({ table }: InstancePorts, key: Key): Promise<void> {
  for (let reads = 0; reads < DELAYING_READS; reads += 1) await table.get(key);
}

/** Delays the transactions with this verb, and removes the conditions of their writes. */
export function delayedAndUnconditional(verb: string): (ports: InstancePorts) => InstancePorts {
  return (ports) =>
    withTable(ports, {
      async transact(writes) {
        const [first] = writes;
        if (first === undefined || !isOf(verb, writes)) return ports.table.transact(writes);
        await delay(ports, keyOf(first));
        return ports.table.transact(writes.map(unconditional));
      },
    });
}

/** Changes the update of the slot count of a partition. `undefined` drops the update. */
export function changingSlotCount(
  change: (write: Write & { kind: 'update' }) => Write | undefined,
): (ports: InstancePorts) => InstancePorts {
  return (ports) =>
    changingTransactions(ports, (writes) =>
      writes.flatMap((write) => {
        if (write.kind !== 'update' || write.key.sk !== 'PARTITION') return [write];
        const changedWrite = change(write);
        return changedWrite === undefined ? [] : [changedWrite];
      }),
    );
}

/** A job that frees its slot finds an empty waitlist. A job that joins the waitlist sees it normally. */
export function withEmptyWaitlist(ports: InstancePorts): InstancePorts {
  let joinsWaitlist = false;
  return withTable(ports, {
    async query(query) {
      if (!query.pk.endsWith('#Q') || joinsWaitlist) return ports.table.query(query);
      return { rows: [], units: 0 };
    },
    async transact(writes) {
      joinsWaitlist = writes.some((write) => write.kind === 'put' && write.row.pk.endsWith('#Q'));
      return ports.table.transact(writes);
    },
  });
}

/** Writes the claim of an Idempotency-Key separately. A job that does not exist yet counts as deleted. */
export function writingClaimFirst(ports: InstancePorts): InstancePorts {
  const { table } = ports;
  let hasClaim = false;
  return withTable(ports, {
    async get(key, options) {
      const result = await table.get(key, options);
      if (key.sk === 'KEY') hasClaim = result.row !== undefined;
      if (!hasClaim || key.sk !== 'JOB' || result.row !== undefined) return result;
      return { row: { ...key, status: 'Deleted', runNumber: 1 }, units: 0 };
    },
    async transact(writes) {
      const claim = writes.find((write) => keyOf(write).sk === 'KEY');
      if (claim === undefined) return table.transact(writes);
      const { kind, row } = await table.write(claim);
      if (kind === 'written') return table.transact(writes.filter((write) => write !== claim));
      hasClaim = true;
      return { kind, refused: writes.map((write) => (write === claim ? row : undefined)), units: 0 };
    },
  });
}

/** Drops the puts of objects whose keys have this ending. */
export function withoutPuts(ports: InstancePorts, ending: string): InstancePorts {
  const { objects } = ports;
  return {
    ...ports,
    objects: {
      ...objects,
      async put(key, body, options) {
        if (!key.endsWith(ending)) await objects.put(key, body, options);
      },
    },
  };
}
