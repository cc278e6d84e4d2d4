/** P10: how soon a job is Completed after its last item, and how old the counts are that it shows meanwhile. */
import type { Row } from '../row.ts';
import { call, pause, type Service } from './service.ts';

const ITEMS = 30;
const PATH = '/partitions/bench/jobs/freshness';
const POLL_MILLIS = 100;

interface Sample {
  readonly at: number;
  readonly succeeded: number;
}

interface JobView {
  readonly status: string;
  readonly endTime?: number;
  readonly items: { readonly succeeded: number };
}

/** Shows of the job until it is final. */
async function watch(service: Service): Promise<{ samples: Sample[]; endTime: number }> {
  const samples: Sample[] = [];
  for (;;) {
    const job = (await (await call(service, 'GET', PATH)).json()) as JobView;
    samples.push({ at: Date.now(), succeeded: job.items.succeeded });
    if (job.endTime !== undefined && job.status === 'Completed') return { samples, endTime: job.endTime };
    if (!['Waiting', 'Active'].includes(job.status)) throw new Error(`the job ended as ${job.status}`);
    await pause(POLL_MILLIS);
  }
}

/** Times at which the items ended, in order. */
async function itemTimes(service: Service): Promise<number[]> {
  const times: number[] = [];
  for (let item = 0; item < ITEMS; item += 1) {
    const view = (await (await call(service, 'GET', `${PATH}/items/${item}`)).json()) as {
      attempts: { at?: number }[];
    };
    const at = view.attempts.at(-1)?.at;
    if (at === undefined) throw new Error(`item ${item} has no time`);
    times.push(at);
  }
  return times.toSorted((one, other) => one - other);
}

export async function measureFreshness(service: Service): Promise<Row[]> {
  const batch = {
    splitter: 'range',
    definition: { from: 0, to: ITEMS },
    worker: 'rehearse',
    itemsPerTask: 1,
    parameters: { millisPerItem: 1_000 },
  };
  await call(service, 'PUT', PATH, { batch });
  const { samples, endTime } = await watch(service);
  const times = await itemTimes(service);
  const ages = times.map((time, position) => {
    const shown = samples.find(({ succeeded }) => succeeded > position);
    return ((shown?.at ?? endTime) - time) / 1_000;
  });
  const toEnd = (endTime - (times.at(-1) ?? 0)) / 1_000;
  const oldest = Math.max(...ages);
  return [
    {
      id: 'P10',
      what: 'From the last result to Completed, on the emulator',
      measured: `${toEnd.toFixed(1)} s`,
      reference: 'batching window of the tracker: 1 s',
      goal: '≤ 1.5 s',
      isMet: toEnd <= 1.5,
    },
    {
      id: 'P10',
      what: `Age of the counts of a running job, the oldest of ${ITEMS}, on the emulator`,
      measured: `${oldest.toFixed(1)} s`,
      reference: `interval of the polls: ${POLL_MILLIS} ms`,
      goal: '≤ 2 s',
      isMet: oldest <= 2,
    },
  ];
}
