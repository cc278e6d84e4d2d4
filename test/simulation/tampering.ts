/** Ways to plant a bug between a function and its ports. */
import { PermanentFailure, RetryableFailure } from '#core/errors.ts';
import { PAGE_SIZE } from '#core/page.ts';
import type {
  Key,
  OutgoingMessage,
  QueueName,
  Queues,
  Row,
  Change as RowChange,
  Table,
  Write,
  WriteResult,
} from '#core/ports.ts';
import { sendAll } from '#core/send.ts';
import type { Child, Splitter } from '#core/splitter.ts';
import { jobKey } from '../../functions/store/keys.ts';
import type { QueueWork, Received, Role, Wiring } from './functions.ts';
import type { InstancePorts } from './ports.ts';

type PortsWiring = NonNullable<Wiring['ports']>;
type Change = (ports: InstancePorts) => InstancePorts;

export function on(roles: readonly Role[], change: Change): PortsWiring {
  return (role, ports) => (roles.includes(role) ? change(ports) : ports);
}

export function everywhere(change: Change): PortsWiring {
  return (_role, ports) => change(ports);
}

export function withTable(ports: InstancePorts, table: Partial<Table>): InstancePorts {
  return { ...ports, table: { ...ports.table, ...table } };
}

export function withSend(ports: InstancePorts, send: Queues['send']): InstancePorts {
  return { ...ports, queues: { ...ports.queues, send } };
}

type Update = Write & { kind: 'update' };
type WritePage = (write: Update) => Promise<WriteResult>;

/** Changes how the tracker writes pages. */
export function onPages(change: (write: Update, inner: WritePage) => Promise<WriteResult>): PortsWiring {
  return on(['track'], (ports) =>
    withTable(ports, {
      write: (write, returns) =>
        write.kind === 'update' && write.key.sk === 'P'
          ? change(write, (changedWrite) => ports.table.write(changedWrite, returns))
          : ports.table.write(write, returns),
    }),
  );
}

function elementsOf(row: Row | undefined): ReadonlySet<bigint> {
  return (row?.['d'] as ReadonlySet<bigint> | undefined) ?? new Set();
}

function addedElements({ change }: Update): ReadonlySet<bigint> {
  return (change.add?.['d'] as ReadonlySet<bigint> | undefined) ?? new Set();
}

/** If a write changed nothing, drops an element from its reply: the page then seems incomplete. */
export function hideCompletion(write: Update, result: WriteResult): WriteResult {
  const { row } = result;
  const elements = elementsOf(row);
  const isSealed = write.change.setOnce?.['n'] === undefined || row?.['n'] !== undefined;
  if (row === undefined || !isSealed || [...addedElements(write)].some((element) => !elements.has(element)))
    return result;
  const hiddenElement = [...elements].find((element) => !addedElements(write).has(element));
  const shownElements = new Set([...elements].filter((element) => element !== hiddenElement));
  return { ...result, row: { ...row, d: shownElements } };
}

/** The reply to an update hides the recorded elements of the page. */
export function hideRecorded(write: Update, result: WriteResult): WriteResult {
  if (result.row === undefined || write.change.set === undefined) return result;
  const { d: _recorded, ...row } = result.row;
  return { ...result, row };
}

export function markFullPageAsTop(write: Update, result: WriteResult): WriteResult {
  const isFull = new Set([...elementsOf(result.row), ...addedElements(write)]).size === PAGE_SIZE;
  if (!isFull || write.change.setOnce?.['n'] !== undefined || result.row?.['n'] !== undefined) return result;
  return { ...result, row: { ...write.key, ...result.row, t: true } };
}

/** Holds messages in memory until an awaited row is written. Seals are sent at once. */
export function sendAfterWrite(ports: InstancePorts, isAwaited: (sk: string) => boolean): InstancePorts {
  let heldMessages: { queue: QueueName; message: OutgoingMessage }[] = [];
  const portsWithHeldSends = withSend(ports, async (queue, messages) => {
    if (queue === 'results') return ports.queues.send(queue, messages);
    heldMessages.push(...messages.map((message) => ({ queue, message })));
    return { failed: [] };
  });
  return withTable(portsWithHeldSends, {
    async write(write, returns) {
      const result = await ports.table.write(write, returns);
      if (!isAwaited(keyOf(write).sk)) return result;
      const dueMessages = heldMessages;
      heldMessages = [];
      for (const { queue, message } of dueMessages) await sendAll(ports.queues, queue, [message]);
      return result;
    },
  });
}

export function keyOf(write: Write): Key {
  return write.kind === 'put' ? write.row : write.key;
}

export function putAlways(ports: InstancePorts, prefix: string): InstancePorts {
  const { objects } = ports;
  return {
    ...ports,
    objects: {
      ...objects,
      async putIfAbsent(key, body) {
        if (!key.startsWith(prefix)) return objects.putIfAbsent(key, body);
        await objects.put(key, body);
        return 'written';
      },
    },
  };
}

/** Caches each job row for five seconds, for all runs. */
export function cachingStatus(ports: InstancePorts): InstancePorts {
  const cache = new Map<
    string,
    { readonly at: number; readonly result: Awaited<ReturnType<Table['get']>> }
  >();
  return withTable(ports, {
    async get(key, options) {
      if (key.sk !== 'JOB') return ports.table.get(key, options);
      const cachedRow = cache.get(key.pk);
      if (cachedRow !== undefined && ports.clock.now() - cachedRow.at <= 5_000) return cachedRow.result;
      const at = ports.clock.now();
      const result = await ports.table.get(key, options);
      cache.set(key.pk, { at, result });
      return result;
    },
  });
}

export function alwaysActive(ports: InstancePorts): InstancePorts {
  return withTable(ports, {
    async get(key, options) {
      const { row, units } = await ports.table.get(key, options);
      return row === undefined ? { units } : { row: { ...row, status: 'Active' }, units };
    },
  });
}

/** Removes all conditions of the selected writes, except those on `kept` attributes. */
export function withoutConditions(
  ports: InstancePorts,
  isSelected: (key: Key) => boolean,
  shownElements: readonly string[],
): InstancePorts {
  const weaken = <W extends Write>(write: W): W => {
    if (!isSelected(keyOf(write)) || write.when === undefined) return write;
    const when = write.when.filter(
      (condition) => 'attribute' in condition && shownElements.includes(condition.attribute),
    );
    return { ...write, when };
  };
  return withTable(ports, {
    write: (write, returns) => ports.table.write(weaken(write), returns),
    transact: (writes) => ports.table.transact(writes.map(weaken)),
  });
}

/** Rows of the partition `south` are read from and written to `north`. */
export function onNorthRowsOnly(ports: InstancePorts): InstancePorts {
  const { table } = ports;
  const northKey = (key: Key): Key => ({ pk: key.pk.replace('P#south#', 'P#north#'), sk: key.sk });
  const moveWrite = (write: Write): Write =>
    write.kind === 'put'
      ? { ...write, row: { ...write.row, ...northKey(write.row) } }
      : { ...write, key: northKey(write.key) };
  return withTable(ports, {
    get: (key, options) => table.get(northKey(key), options),
    write: (write, returns) => table.write(moveWrite(write), returns),
    transact: (writes) => table.transact(writes.map(moveWrite)),
    query: (query) => table.query({ ...query, pk: northKey({ pk: query.pk, sk: '' }).pk }),
  });
}

/** Treats each message as one of the current run in the table. */
export function asCurrentGeneration(work: QueueWork, ports: InstancePorts): QueueWork {
  const withCurrentGeneration = async (message: Received): Promise<Received> => {
    const body = JSON.parse(message.body);
    const { row } = await ports.table.get(jobKey(body), { strong: true });
    const runNumber = row?.['runNumber'] ?? body.runNumber;
    return { ...message, body: JSON.stringify({ ...body, runNumber }) };
  };
  return async (messages) => work(await Promise.all(messages.map(withCurrentGeneration)));
}

export function withShortSeals(ports: InstancePorts): InstancePorts {
  return withSend(ports, (queue, messages) => {
    const shortMessages = messages.map((message) => {
      const body = JSON.parse(message.body);
      if (body.kind !== 'seal' || body.children === 0) return message;
      return { ...message, body: JSON.stringify({ ...body, children: body.children - 1 }) };
    });
    return ports.queues.send(queue, shortMessages);
  });
}

export function droppingSends(
  ports: InstancePorts,
  isSelected: (queue: QueueName) => boolean,
): InstancePorts {
  return withSend(ports, async (queue, messages) =>
    isSelected(queue) ? { failed: [] } : ports.queues.send(queue, messages),
  );
}

export function withoutFailures(role: Role): NonNullable<Wiring['work']> {
  return (which, work) => {
    if (which !== role) return work;
    return async (messages) => {
      await work(messages);
      return { failed: new Set() };
    };
  };
}

/** Treats each message as if it came from another queue. */
export function treatedAsFrom(queue: QueueName, work: QueueWork): QueueWork {
  return (messages) => work(messages.map((message) => ({ ...message, queue })));
}

/** Treats seals, batches and ends of flows as if they came from their proper queue. */
export function treatedAsRoutedByKind(work: QueueWork): QueueWork {
  return (messages) =>
    work(
      messages.map((message) => {
        const { kind } = JSON.parse(message.body);
        if (kind === 'chunk') return message;
        return { ...message, queue: kind === 'split' || kind === 'step' ? 'split' : 'results' };
      }),
    );
}

/** A missing object throws a retryable error. */
export function retryingMissingObjects(ports: InstancePorts): InstancePorts {
  const { objects } = ports;
  return {
    ...ports,
    objects: {
      ...objects,
      async get(address, range) {
        const bytes = await objects.get(address, range);
        if (bytes === undefined && /^(chunks|definitions)\//.test(address.key))
          throw new Error(`${address.key} cannot be read`);
        return bytes;
      },
    },
  };
}

/** Changes the updates of fences. */
export function changingFenceUpdates(
  ports: InstancePorts,
  change: (change: RowChange) => RowChange,
): InstancePorts {
  return withTable(ports, {
    write: (write, returns) =>
      write.kind === 'update' && write.key.sk.startsWith('N#')
        ? ports.table.write({ ...write, change: change(write.change) }, returns)
        : ports.table.write(write, returns),
  });
}

/** Turns permanent failures of a splitter into retryable ones. */
export function retryingPermanentFailures(splitter: Splitter): Splitter {
  return {
    ...splitter,
    *split(definition, context) {
      try {
        yield* splitter.split(definition, context) as Iterable<Child>;
      } catch (error) {
        throw error instanceof PermanentFailure ? new RetryableFailure(error.code, error.message) : error;
      }
    },
  };
}
