/** Ways to plant bugs in flows of templates: visits, results of steps, and state machines. */
import type { ChunkMessage, ReportMessage } from '#contract/messages.ts';
import type { Row, Write } from '#core/ports.ts';
import { jobOfKey } from '../../functions/store/keys.ts';
import { bytesOfData, linesOfOutcomes, parseOutcomes } from '../../functions/store/outcomes.ts';
import type { InstancePorts } from './ports.ts';
import { keyOf, withSend, withTable } from './tampering.ts';

type Change = (ports: InstancePorts) => InstancePorts;

const isVisit = (write: Write) => keyOf(write).sk.startsWith('V#');

/** Visit updates that set a matching attribute are acknowledged but not written. */
export function droppingVisitUpdates(attribute: RegExp): Change {
  const isSelected = (write: Write) =>
    write.kind === 'update' &&
    isVisit(write) &&
    Object.keys(write.change.set ?? {}).some((name) => attribute.test(name));
  return (ports) =>
    withTable(ports, {
      write: async (write, returns) =>
        isSelected(write) ? { kind: 'written', units: 0 } : ports.table.write(write, returns),
    });
}

/** Reads of a root fence return the row changed by `change`. */
export function onRootFences(change: (row: Row) => Row): Change {
  return (ports) =>
    withTable(ports, {
      async get(key, options) {
        const { row, units } = await ports.table.get(key, options);
        return row === undefined ? { units } : { row: row.sk === 'N#' ? change(row) : row, units };
      },
    });
}

export function withoutVisitNumbers(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith('visit:'))) as Row;
}

export function withoutLastVisit(row: Row): Row {
  return { ...row, next: Math.max(0, Number(row['next']) - 1) };
}

/** Outcomes of steps are written without the outcomes carried over from earlier steps. */
export function withoutCarriedOutcomes(ports: InstancePorts): InstancePorts {
  return withSend(ports, (queue, messages) => {
    const changedMessages = messages.map((message) => {
      const report = JSON.parse(message.body) as ReportMessage;
      if (report.kind !== 'report' || report.outcomes === undefined) return message;
      const outcomes = report.outcomes.map((one) => {
        const records = parseOutcomes(bytesOfData(one.data ?? ''));
        const ownRecords = records.filter(({ path }) => path === one.path);
        return one.path === '' ? one : { ...one, data: linesOfOutcomes(ownRecords) };
      });
      return { ...message, body: JSON.stringify({ ...report, outcomes }) };
    });
    return ports.queues.send(queue, changedMessages);
  });
}

/** A chunk of a join names only the first of its sources. */
export function joiningFirstBranchOnly(ports: InstancePorts): InstancePorts {
  return withSend(ports, (queue, messages) => {
    const changedMessages = messages.map((message) => {
      const chunk = JSON.parse(message.body) as ChunkMessage;
      if (chunk.kind !== 'chunk' || chunk.sources === undefined) return message;
      return { ...message, body: JSON.stringify({ ...chunk, sources: chunk.sources.slice(0, 1) }) };
    });
    return ports.queues.send(queue, changedMessages);
  });
}

/** Visits of earlier runs are not found. */
export function hidingEarlierRuns(ports: InstancePorts): InstancePorts {
  return withTable(ports, {
    async query(query) {
      if (query.begins !== 'V#') return ports.table.query(query);
      const key = jobOfKey(query.pk);
      const { row } =
        key === undefined ? {} : await ports.table.get({ pk: query.pk.replace(/#R\d+$/, ''), sk: 'JOB' });
      const isCurrent = query.pk.endsWith(`#R${row?.['runNumber']}`);
      return isCurrent ? ports.table.query(query) : { rows: [], units: 0 };
    },
  });
}

/** Requests to stop an execution have no effect. */
export function ignoringStops(ports: InstancePorts): InstancePorts {
  return { ...ports, machines: { ...ports.machines, stop: async () => undefined } };
}

/** Each call starts a separate execution. */
export function startingAgain(ports: InstancePorts): InstancePorts {
  const { machines } = ports;
  let starts = 0;
  return {
    ...ports,
    machines: {
      ...machines,
      start(machine, execution, input) {
        starts += 1;
        return machines.start(machine, `${execution}.${ports.clock.now()}.${starts}`, input);
      },
    },
  };
}
