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
          ? change(write, (changed) => ports.table.write(changed, returns))
          : ports.table.write(write, returns),
    }),
  );
}

function elementsOf(row: Row | undefined): ReadonlySet<bigint> {
  return (row?.['d'] as ReadonlySet<bigint> | undefined) ?? new Set();
}

function touched({ change }: Update): ReadonlySet<bigint> {
  return (change.add?.['d'] as ReadonlySet<bigint> | undefined) ?? new Set();
}

/** If a write changed nothing, drops an element from its reply: the page then seems incomplete. */
export function forgetComplete(write: Update, answer: WriteResult): WriteResult {
  const { row } = answer;
  const standing = elementsOf(row);
  const isSealed = write.change.setOnce?.['n'] === undefined || row?.['n'] !== undefined;
  if (row === undefined || !isSealed || [...touched(write)].some((element) => !standing.has(element)))
    return answer;
  const dropped = [...standing].find((element) => !touched(write).has(element));
  const kept = new Set([...standing].filter((element) => element !== dropped));
  return { ...answer, row: { ...row, d: kept } };
}

/** The reply to an update hides the recorded elements of the page. */
export function hideRecorded(write: Update, answer: WriteResult): WriteResult {
  if (answer.row === undefined || write.change.set === undefined) return answer;
  const { d: _recorded, ...row } = answer.row;
  return { ...answer, row };
}

export function topWhenFull(write: Update, answer: WriteResult): WriteResult {
  const isFull = new Set([...elementsOf(answer.row), ...touched(write)]).size === PAGE_SIZE;
  if (!isFull || write.change.setOnce?.['n'] !== undefined || answer.row?.['n'] !== undefined) return answer;
  return { ...answer, row: { ...write.key, ...answer.row, t: true } };
}

/** Holds messages in memory until an awaited row is written. Seals are sent at once. */
export function sendAfterWrite(ports: InstancePorts, isAwaited: (sk: string) => boolean): InstancePorts {
  let waiting: { queue: QueueName; message: OutgoingMessage }[] = [];
  const late = withSend(ports, async (queue, messages) => {
    if (queue === 'results') return ports.queues.send(queue, messages);
    waiting.push(...messages.map((message) => ({ queue, message })));
    return { failed: [] };
  });
  return withTable(late, {
    async write(write, returns) {
      const answer = await ports.table.write(write, returns);
      if (!isAwaited(keyOf(write).sk)) return answer;
      const due = waiting;
      waiting = [];
      for (const { queue, message } of due) await sendAll(ports.queues, queue, [message]);
      return answer;
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

/** Caches each job row for five seconds, for all generations. */
export function believing(ports: InstancePorts): InstancePorts {
  const seen = new Map<string, { readonly at: number; readonly answer: Awaited<ReturnType<Table['get']>> }>();
  return withTable(ports, {
    async get(key, options) {
      if (key.sk !== 'JOB') return ports.table.get(key, options);
      const known = seen.get(key.pk);
      if (known !== undefined && ports.clock.now() - known.at <= 5_000) return known.answer;
      const at = ports.clock.now();
      const answer = await ports.table.get(key, options);
      seen.set(key.pk, { at, answer });
      return answer;
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
  isMeant: (key: Key) => boolean,
  kept: readonly string[],
): InstancePorts {
  const tampered = <W extends Write>(write: W): W => {
    if (!isMeant(keyOf(write)) || write.when === undefined) return write;
    const when = write.when.filter(
      (condition) => 'attribute' in condition && kept.includes(condition.attribute),
    );
    return { ...write, when };
  };
  return withTable(ports, {
    write: (write, returns) => ports.table.write(tampered(write), returns),
    transact: (writes) => ports.table.transact(writes.map(tampered)),
  });
}

/** Rows of the partition `south` are read from and written to `north`. */
export function northOnly(ports: InstancePorts): InstancePorts {
  const { table } = ports;
  const there = (key: Key): Key => ({ pk: key.pk.replace('P#south#', 'P#north#'), sk: key.sk });
  const moved = (write: Write): Write =>
    write.kind === 'put'
      ? { ...write, row: { ...write.row, ...there(write.row) } }
      : { ...write, key: there(write.key) };
  return withTable(ports, {
    get: (key, options) => table.get(there(key), options),
    write: (write, returns) => table.write(moved(write), returns),
    transact: (writes) => table.transact(writes.map(moved)),
    query: (query) => table.query({ ...query, pk: there({ pk: query.pk, sk: '' }).pk }),
  });
}

/** Treats each message as one of the current generation in the table. */
export function ofTheLatest(work: QueueWork, ports: InstancePorts): QueueWork {
  const latest = async (message: Received): Promise<Received> => {
    const body = JSON.parse(message.body);
    const { row } = await ports.table.get(jobKey(body), { strong: true });
    const generation = row?.['generation'] ?? body.generation;
    return { ...message, body: JSON.stringify({ ...body, generation }) };
  };
  return async (messages) => work(await Promise.all(messages.map(latest)));
}

export function sealedShort(ports: InstancePorts): InstancePorts {
  return withSend(ports, (queue, messages) => {
    const short = messages.map((message) => {
      const body = JSON.parse(message.body);
      if (body.kind !== 'seal' || body.children === 0) return message;
      return { ...message, body: JSON.stringify({ ...body, children: body.children - 1 }) };
    });
    return ports.queues.send(queue, short);
  });
}

export function dropping(ports: InstancePorts, isDropped: (queue: QueueName) => boolean): InstancePorts {
  return withSend(ports, async (queue, messages) =>
    isDropped(queue) ? { failed: [] } : ports.queues.send(queue, messages),
  );
}

export function forgetful(role: Role): NonNullable<Wiring['work']> {
  return (which, work) => {
    if (which !== role) return work;
    return async (messages) => {
      await work(messages);
      return { failed: new Set() };
    };
  };
}

/** Treats each message as if it came from another queue. */
export function believedAs(queue: QueueName, work: QueueWork): QueueWork {
  return (messages) => work(messages.map((message) => ({ ...message, queue })));
}

/** Treats seals, batches and ends of flows as if they came from their proper queue. */
export function believedByKind(work: QueueWork): QueueWork {
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
export function hopefulOfClaims(ports: InstancePorts): InstancePorts {
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
export function noting(ports: InstancePorts, change: (change: RowChange) => RowChange): InstancePorts {
  return withTable(ports, {
    write: (write, returns) =>
      write.kind === 'update' && write.key.sk.startsWith('N#')
        ? ports.table.write({ ...write, change: change(write.change) }, returns)
        : ports.table.write(write, returns),
  });
}

/** Turns permanent failures of a splitter into retryable ones. */
export function hopeful(splitter: Splitter): Splitter {
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
