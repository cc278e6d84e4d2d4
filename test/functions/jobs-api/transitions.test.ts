/** Sends every command of the API in every status and expects what the table of transitions allows. */
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import {
  decideMove,
  FINAL_STATUSES,
  isFinal,
  JOB_STATUSES,
  type JobMove,
  type JobStatus,
  TRANSITIONS,
} from '#core/job-status.ts';
import { defineWorker } from '../../../functions/kit/define-worker.ts';
import { moveJob } from '../../../functions/store/jobs.ts';
import { memoryService } from '../../support/memory-service.ts';
import { type Answer, apiWorld, JOBS, REGISTRY } from './api-world.ts';

const J1 = `${JOBS}/j1`;
const KEY = { partition: 'p1', job: 'j1' };

/** The real API, dispatcher, splitter, worker and tracker; item 3 fails. */
function aService() {
  const work = defineWorker({
    name: 'work',
    parameters: z.unknown(),
    run: async ({ payload }) => {
      if (payload === 3) throw new Error('three is refused');
      return payload;
    },
  });
  const service = memoryService({ workers: [work] });
  const { table, objects, clock, random, log } = service;
  const workers = [{ name: 'work', description: 'refuses three', parameters: {} }];
  const api = apiWorld({ table, objects, clock, random, log, registry: { ...REGISTRY, workers } });
  const create = (from: number, batch: object = {}) =>
    api.call('PUT', J1, {
      body: {
        batch: {
          splitter: 'range',
          definition: { from, to: 40 },
          worker: 'work',
          itemsPerTask: 1,
          maxAttempts: 1,
          ...batch,
        },
      },
    });
  const post = (verb: string) => api.call('POST', `${J1}/${verb}`);
  const move = (verb: JobMove) => moveJob(table, KEY, verb, { now: clock.now() });
  const rows = () => JSON.stringify([...table.rows()]);
  const history = async () => (await api.call('GET', `${J1}/history`)).body;
  const view = async () => (await api.call('GET', J1)).body;
  return { ...service, api, create, post, move, rows, history, view };
}
type Service = ReturnType<typeof aService>;

const active = async (service: Service) => {
  await service.create(0);
  await service.step();
};
const ended = async (service: Service, from: number, batch: object = {}) => {
  await service.create(from, batch);
  await service.drain();
};

interface Situation {
  readonly status: JobStatus;
  readonly reach: (service: Service) => Promise<unknown>;
  /** The transition that `resume` makes from this status. */
  readonly resume?: JobMove;
  readonly hasStarted?: false;
  readonly canBeRetried?: true;
}

/** Ways to reach each status: the API and functions, or moves of the store for Blocked and Expired. */
const SITUATIONS: Readonly<Record<string, Situation>> = {
  Waiting: { status: 'Waiting', reach: (service) => service.create(0), hasStarted: false },
  Active: { status: 'Active', reach: active },
  'Paused, was Waiting': {
    status: 'Paused',
    reach: (service) => service.create(0).then(() => service.post('pause')),
    resume: 'resumeWaiting',
    hasStarted: false,
  },
  'Paused, was Active': {
    status: 'Paused',
    reach: (service) => active(service).then(() => service.post('pause')),
  },
  Blocked: { status: 'Blocked', reach: (service) => active(service).then(() => service.move('block')) },
  'Completed with failed items': {
    status: 'Completed',
    reach: (service) => ended(service, 0),
    canBeRetried: true,
  },
  'Completed without failed items': { status: 'Completed', reach: (service) => ended(service, 10) },
  'Failed at its end': {
    status: 'Failed',
    reach: (service) => ended(service, 0, { onItemFailure: 'failAtEnd' }),
    canBeRetried: true,
  },
  'Failed half-way': {
    status: 'Failed',
    reach: (service) => ended(service, 0, { onItemFailure: 'failFast' }),
  },
  Cancelled: {
    status: 'Cancelled',
    reach: (service) => service.create(0).then(() => service.post('cancel')),
  },
  Expired: { status: 'Expired', reach: (service) => service.create(0).then(() => service.move('expire')) },
};

async function standing({ reach, status }: Situation): Promise<Service> {
  const service = aService();
  await reach(service);
  expect((await service.view()).status).toBe(status);
  service.clock.advance(60_000);
  return service;
}

function expectRefusal({ status, body }: Answer, names: readonly string[]): void {
  expect([status, body.code]).toEqual([409, 'invalid-transition']);
  expect(body).toMatchObject({ status: 409, message: body.detail, instance: expect.stringContaining(J1) });
  for (const name of names) expect(body.detail).toMatch(new RegExp(`\\b${name}\\b`));
}

test('the situations are in every status', () => {
  const reached = Object.values(SITUATIONS).map(({ status }) => status);

  expect(new Set(reached)).toEqual(new Set(JOB_STATUSES));
});

describe.each(Object.entries(SITUATIONS))('a job that is %s', (_, situation) => {
  const { status, resume = 'resume', hasStarted = true, canBeRetried = false } = situation;

  test.each(['cancel', 'pause', 'resume'] as const)('answers %s by the table', async (verb) => {
    const service = await standing(situation);
    const [before, rows, told] = [await service.view(), service.rows(), await service.history()];
    const decision = decideMove(verb === 'resume' ? resume : verb, status);

    const answer = await service.post(verb);

    const after = await service.view();
    if (decision.kind === 'move') {
      expect([answer.status, answer.text, after.status]).toEqual([204, '', decision.to]);
      expect([after.version, after.lastUpdateTime]).toEqual([before.version + 1, service.clock.now()]);
      const entry = { verb, actor: 'alice', from: status, to: decision.to, version: after.version };
      expect(await service.history()).toEqual([...told, { ...entry, time: service.clock.now() }]);
      return;
    }
    if (decision.kind === 'noop') expect([answer.status, answer.text]).toEqual([204, '']);
    else expectRefusal(answer, [status, ...TRANSITIONS[verb].from]);
    expect(service.rows()).toBe(rows);
    expect(after).toEqual(before);
  });

  test(`answers retry with ${canBeRetried ? 202 : 409}`, async () => {
    const service = await standing(situation);
    const rows = service.rows();

    const answer = await service.post('retry');

    if (canBeRetried) {
      expect([answer.status, answer.body]).toEqual([202, { itemsRetried: 1 }]);
      expect(await service.view()).toMatchObject({ status: TRANSITIONS.retry.to, run: 2 });
      expect((await service.history()).at(-1)).toMatchObject({ verb: 'retry', from: status });
      return;
    }
    const isMove = decideMove('retry', status).kind === 'move';
    expectRefusal(answer, [status, ...(isMove ? [] : TRANSITIONS.retry.from)]);
    expect(service.rows()).toBe(rows);
  });

  test(`answers resubmit with ${isFinal(status) ? 201 : 409}`, async () => {
    const service = await standing(situation);
    const [before, rows] = [await service.view(), service.rows()];

    const answer = await service.post('resubmit');

    if (isFinal(status)) {
      expect([answer.status, answer.body.status]).toEqual([201, 'Waiting']);
      expect(answer.body.id).not.toBe('j1');
    } else {
      expectRefusal(answer, [status, ...FINAL_STATUSES]);
      expect(service.rows()).toBe(rows);
    }
    expect(await service.view()).toEqual(before);
  });

  const canBePrioritised = !hasStarted && !isFinal(status);
  test(`answers PATCH of priority with ${canBePrioritised ? 200 : 409}`, async () => {
    const service = await standing(situation);
    const [before, rows] = [await service.view(), service.rows()];

    const answer = await service.api.call('PATCH', J1, { body: { priority: 9 } });

    if (canBePrioritised) {
      expect(answer).toMatchObject({
        status: 200,
        body: { status, priority: 9, version: before.version + 1 },
      });
      expect((await service.history()).at(-1)).toMatchObject({ verb: 'edit', actor: 'alice' });
      return;
    }
    expectRefusal(answer, [status, 'before it starts']);
    expect(service.rows()).toBe(rows);
  });

  test('is deleted', async () => {
    const service = await standing(situation);

    const { status: deleted, text } = await service.api.call('DELETE', J1);

    expect([deleted, text]).toEqual([204, '']);
    expect((await service.api.call('GET', J1)).status).toBe(404);
    expect((await service.api.call('DELETE', J1)).status).toBe(404);
    expect((await service.create(0)).status).toBe(201);
  });
});
