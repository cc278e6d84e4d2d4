/** P12: requests of the API over ports in memory, in one process. The time of the table calls is measured beside it. */
import type { Table } from '#core/ports.ts';
import { apiWorld, eventOf, JOBS } from '../../functions/jobs-api/api-world.ts';
import { type Measurement, micros, type Row } from '../row.ts';

const BODY = { batch: { splitter: 'range', definition: { from: 0, to: 10 }, worker: 'rehearse' } };
const WARM_UP = 2_000;
const REQUESTS = 10_000;

interface Request {
  readonly name: string;
  readonly event: (number: number) => ReturnType<typeof eventOf>;
  readonly status: number;
}

const path = (number: number) => `${JOBS}/job-${number}`;
const REQUESTS_BY_NAME: readonly Request[] = [
  { name: 'PUT job', event: (number) => eventOf('PUT', path(number), { body: BODY }), status: 201 },
  { name: 'GET job', event: (number) => eventOf('GET', path(number)), status: 200 },
  { name: 'GET status', event: (number) => eventOf('GET', `${path(number)}/status`), status: 200 },
];

/** Adds up the time of the table's calls. */
function timed(table: Table): { table: Table; millis: () => number } {
  let sum = 0;
  const measured = new Proxy(table, {
    get(target, name) {
      const method = Reflect.get(target, name);
      if (typeof method !== 'function') return method;
      return async (...parameters: unknown[]) => {
        const begin = performance.now();
        try {
          return await method.apply(target, parameters);
        } finally {
          sum += performance.now() - begin;
        }
      };
    },
  });
  return { table: measured, millis: () => sum };
}

export const measureApi: Measurement = async () => {
  const { table, millis } = timed(apiWorld().table);
  const world = apiWorld({ table });
  const rows: Row[] = [];
  let total = 0;
  for (const { name, event, status } of REQUESTS_BY_NAME) {
    const times: number[] = [];
    let ofTable = 0;
    for (let number = 0; number < WARM_UP + REQUESTS; number += 1) {
      const request = event(number);
      const before = millis();
      const begin = performance.now();
      const answer = await world.sendUnchecked(request);
      const time = performance.now() - begin;
      if (answer.status !== status) throw new Error(`${name}: ${answer.status} ${answer.text}`);
      if (number < WARM_UP) continue;
      const own = millis() - before;
      ofTable += own;
      times.push(time - own);
    }
    const sorted = times.toSorted((one, other) => one - other);
    const at = (share: number) => sorted[Math.floor(share * sorted.length)] ?? Number.NaN;
    total += times.reduce((sum, time) => sum + time, ofTable);
    rows.push({
      id: 'P12',
      what: `${name}: time besides the calls of the table`,
      measured: `p50 ${at(0.5).toFixed(2)} ms, p99 ${at(0.99).toFixed(2)} ms`,
      reference: `calls of the table in memory: ${micros((1_000 * ofTable) / REQUESTS)}`,
      goal: 'p50 ≤ 1 ms, p99 ≤ 3 ms',
      isMet: at(0.5) <= 1 && at(0.99) <= 3,
    });
  }
  const rate = (REQUESTS_BY_NAME.length * REQUESTS * 1_000) / total;
  rows.push({
    id: 'P12',
    what: 'Requests on one core, of these three kinds in equal parts',
    measured: `${Math.round(rate).toLocaleString('en')}/s`,
    reference: '–',
    goal: '≥ 1,500/s',
    isMet: rate >= 1_500,
  });
  return rows;
};
