/** Ports of one instance: each call waits for its turn on the stage, and the watch observes it. */
import type {
  Clock,
  Log,
  Objects,
  OutgoingMessage,
  QueueName,
  Queues,
  StateMachines,
  Table,
  Write,
} from '#core/ports.ts';
import type { World } from '../support/memory/world.ts';
import { CLAIMS } from './adversary.ts';
import type { Chance } from './chance.ts';
import type { Faults } from './faults.ts';
import { checkSent, type Sender } from './message-checks.ts';
import type { Instance, Stage } from './stage.ts';
import type { Trace } from './trace.ts';
import type { Watch } from './watch.ts';

export interface Surroundings {
  readonly world: World;
  readonly stage: Stage;
  readonly watch: Watch;
  readonly faults: Faults;
  readonly chance: Chance;
  readonly trace: Trace;
}

export interface InstancePorts {
  readonly table: Table;
  readonly queues: Queues;
  readonly objects: Objects;
  readonly machines: StateMachines;
  readonly clock: Clock;
  readonly log: Log;
}

export function instancePorts(surroundings: Surroundings, instance: Instance): InstancePorts {
  const { world, watch } = surroundings;
  return {
    table: instanceTable(surroundings, instance),
    queues: instanceQueues(surroundings, instance),
    objects: instanceObjects(surroundings, instance),
    machines: instanceMachines(surroundings, instance),
    clock: {
      now: () => world.clock.now() + instance.skewMillis,
      sleep: (millis) => world.clock.sleep(millis),
    },
    log: {
      info: () => undefined,
      warn: (message, fields = {}) => watch.recordLog(message, fields),
      alarm: (message, fields = {}) => watch.recordLog(message, fields),
    },
  };
}

function instanceTable({ world, stage, watch }: Surroundings, instance: Instance): Table {
  const { table } = world;
  const call = <T>(label: string, pk: string, perform: () => Promise<T>): Promise<T> => {
    const { assignment } = instance;
    return stage.call(instance, label, () => {
      watch.checkAccess(assignment, pk);
      return watch.perform(assignment, perform);
    });
  };
  return {
    get: (key, options) =>
      call(`get ${key.pk} ${key.sk}`, key.pk, () => {
        watch.recordProgressRead(instance.assignment, key);
        return table.get(key, options);
      }),
    query: (query) => call(`query ${query.pk} ${query.begins ?? ''}`, query.pk, () => table.query(query)),
    write(write, returns) {
      const { pk, sk } = keyOf(write);
      return call(`${write.kind} ${pk} ${sk}`, pk, () => table.write(write, returns));
    },
    transact(writes) {
      const [first] = writes;
      const { pk, sk } = first === undefined ? { pk: '', sk: '' } : keyOf(first);
      return call(`transact ${pk} ${sk}`, pk, () => table.transact(writes));
    },
  };
}

function keyOf(write: Write) {
  return write.kind === 'put' ? write.row : write.key;
}

function instanceQueues(surroundings: Surroundings, instance: Instance): Queues {
  const { world, stage, watch, faults, chance } = surroundings;
  const deliver = (queue: QueueName, messages: readonly OutgoingMessage[], by: Sender) => {
    const survivingMessages = messages.filter(() => !faults.is('loss'));
    const delayedMessages = survivingMessages.map((message) =>
      queue === 'unroutable' ? message : withDelay(message, faults, chance),
    );
    for (const message of messages) checkSent(watch, by, queue, message);
    return delayedMessages.length === 0
      ? Promise.resolve({ failed: [] })
      : world.queues.send(queue, delayedMessages);
  };
  return {
    has: (queue) => world.queues.has(queue),
    send(queue, messages) {
      const label = `send ${queue} ×${messages.length}`;
      const by: Sender = { to: instance.assignment, since: instance.startedAtStep };
      return stage.call(
        instance,
        label,
        () => deliver(queue, messages, by),
        async (fault) => {
          const failedPositions = messages.flatMap((_, position) => (chance.is(0.5) ? [position] : []));
          const refusedPositions = fault === 'partialSend' ? new Set(failedPositions) : new Set<number>();
          await deliver(
            queue,
            messages.filter((_, position) => !refusedPositions.has(position)),
            by,
          );
          return { failed: failedPositions };
        },
      );
    },
  };
}

function withDelay(message: OutgoingMessage, faults: Faults, chance: Chance): OutgoingMessage {
  if (!faults.is('delay')) return message;
  const delaySeconds = Math.min(900, (message.delaySeconds ?? 0) + chance.between(1, 300));
  return { ...message, delaySeconds };
}

function instanceObjects({ world, stage, watch, faults }: Surroundings, instance: Instance): Objects {
  const { objects } = world;
  const call = <T>(label: string, key: string, perform: () => Promise<T>): Promise<T> => {
    const { assignment } = instance;
    return stage.call(instance, label, () => {
      watch.checkObjectAccess(assignment, key);
      return perform();
    });
  };
  return {
    put: (key, body) =>
      call(`object put ${key}`, key, () => {
        watch.recordObject(key, body);
        // Lose the object at once: readers come early, so a later deletion would rarely matter.
        if (CLAIMS.test(key) && faults.is('claimLoss')) return watch.recordLoss(key);
        return objects.put(key, body);
      }),
    putIfAbsent: (key, body) =>
      call(`object putIfAbsent ${key}`, key, async () => {
        const putResult = await objects.putIfAbsent(key, body);
        if (putResult === 'written') watch.recordObject(key, body);
        return putResult;
      }),
    putStream: (key, body) =>
      call(`object putStream ${key}`, key, async () => {
        const writtenBytes = await objects.putStream(key, body);
        watch.recordObject(key, `${writtenBytes.sizeBytes} bytes`);
        return writtenBytes;
      }),
    get: (address, range) =>
      call(`object get ${address.key}`, address.key, () => objects.get(address, range)),
    describe: (address) =>
      call(`object describe ${address.key}`, address.key, () => objects.describe(address)),
    list: (prefix, options) => call(`object list ${prefix}`, prefix, () => objects.list(prefix, options)),
    delete: (keys) => call(`object delete ×${keys.length}`, keys[0] ?? '', () => objects.delete(keys)),
  };
}

function instanceMachines({ world, stage }: Surroundings, instance: Instance): StateMachines {
  const { machines } = world;
  const call = <T>(label: string, perform: () => Promise<T>): Promise<T> =>
    stage.call(instance, `machine ${label}`, perform);
  return {
    addressOf: (name) => machines.addressOf(name),
    publish: (name, definition) => call(`publish ${name}`, () => machines.publish(name, definition)),
    start: (machine, name, input) => call(`start ${machine}`, () => machines.start(machine, name, input)),
    stop: (machine, name) => call(`stop ${machine}`, () => machines.stop(machine, name)),
    succeed: (token, output) => call(`succeed ${token}`, () => machines.succeed(token, output)),
    fail: (token, error, cause) => call(`fail ${token}`, () => machines.fail(token, error, cause)),
  };
}
