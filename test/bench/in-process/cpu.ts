/** P4 and P5: CPU of the three hot functions for each chunk, over ports in memory. */
import {
  followUp,
  meteredService,
  type Service,
  splitOnce,
  submit,
} from '../../simulation/metered-service.ts';
import { cpuMicros, type Measurement, median, micros, type Row } from '../row.ts';

const CHUNKS = 20_000;
/** The first rounds compile the code. */
const ROUNDS = 7;
const WARM_UP = 2;
const WORKER_BATCH = 10;
const TRACKER_BATCH = 1_000;

interface Round {
  readonly split: number;
  readonly work: number;
  readonly track: number;
  /** JSON.parse of the same messages. */
  readonly parseChunks: number;
  readonly parseReports: number;
}

/** Runs `work` on batches of messages of a queue, and parses the same messages once more. */
async function drain(
  { world }: Service,
  queue: 'worker:work' | 'reports',
  max: number,
  work: (messages: ReturnType<typeof world.queues.receive>) => Promise<unknown>,
): Promise<{ cpu: number; parse: number }> {
  let [cpu, parse] = [0, 0];
  for (;;) {
    const messages = world.queues.receive(queue, max);
    if (messages.length === 0) return { cpu, parse };
    parse += await cpuMicros(() => messages.map(({ body }) => JSON.parse(body)));
    cpu += await cpuMicros(() => work(messages));
    for (const { receipt } of messages) world.queues.acknowledge(queue, receipt);
  }
}

async function runRound(): Promise<Round> {
  const service = meteredService();
  const { signal } = new AbortController();
  await submit(service, CHUNKS);
  await followUp(service);
  const split = await cpuMicros(() => splitOnce(service));
  const work = await drain(service, 'worker:work', WORKER_BATCH, (messages) =>
    service.work(messages, signal),
  );
  const track = await drain(service, 'reports', TRACKER_BATCH, (messages) =>
    service.track(messages.map((message) => ({ ...message, origin: 'workers' as const }))),
  );
  return {
    split: split / CHUNKS,
    work: work.cpu / CHUNKS,
    track: track.cpu / CHUNKS,
    parseChunks: work.parse / CHUNKS,
    parseReports: track.parse / CHUNKS,
  };
}

export const measureCpu: Measurement = async () => {
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push(await runRound());
  const medianOf = (name: keyof Round) => median(rounds.slice(WARM_UP).map((round) => round[name]));
  const rowOf = (name: 'split' | 'work' | 'track', floor: keyof Round, limit: number): Row => ({
    id: name === 'split' ? 'P4' : 'P5',
    what: `CPU of ${name} for each chunk`,
    measured: micros(medianOf(name)),
    reference: `JSON.parse of the same messages: ${micros(medianOf(floor))}`,
    goal: `≤ ${limit} µs`,
    isMet: medianOf(name) <= limit,
  });
  return [
    rowOf('split', 'parseChunks', 12),
    rowOf('work', 'parseChunks', 25),
    rowOf('track', 'parseReports', 6),
  ];
};
