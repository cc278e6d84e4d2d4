/** P3: a job against a Map state of the emulator's own Step Functions, over the same number of items. */
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  type SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { median, type Row, times } from '../row.ts';
import { call, completed, pause, type Service, seconds } from './service.ts';

const ITEMS = 5_000;
const ROUNDS = 3;
/** Items in a chunk, and how many times as fast as the map a job must be. */
const GOALS = [
  [10, 3],
  [100, 20],
] as const;

const MAP = {
  StartAt: 'Map',
  States: {
    Map: {
      Type: 'Map',
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: 'Pass',
        States: { Pass: { Type: 'Pass', End: true } },
      },
      ItemsPath: '$.items',
      ResultPath: null,
      End: true,
    },
  },
};

async function createMap(sfn: SFNClient): Promise<string> {
  const { stateMachineArn } = await sfn.send(
    new CreateStateMachineCommand({
      name: 'bench-map',
      definition: JSON.stringify(MAP),
      roleArn: 'arn:aws:iam::000000000000:role/bench',
    }),
  );
  return stateMachineArn ?? '';
}

async function runMap(sfn: SFNClient, stateMachineArn: string): Promise<void> {
  const items = Array.from({ length: ITEMS }, (_, item) => item);
  const { executionArn } = await sfn.send(
    new StartExecutionCommand({ stateMachineArn, input: JSON.stringify({ items }) }),
  );
  for (;;) {
    const { status } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    if (status === 'SUCCEEDED') return;
    if (status !== 'RUNNING') throw new Error(`the map ended as ${status}`);
    await pause(100);
  }
}

async function runJob(service: Service, path: string, itemsPerTask: number): Promise<void> {
  const batch = { splitter: 'range', definition: { from: 0, to: ITEMS }, worker: 'rehearse', itemsPerTask };
  await call(service, 'PUT', path, { batch });
  await completed(service, path);
}

/** Interleaved, medians of three. */
export async function measureMap(service: Service, sfn: SFNClient): Promise<Row[]> {
  const machine = await createMap(sfn);
  const maps: number[] = [];
  const jobs = new Map<number, number[]>(GOALS.map(([size]) => [size, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    maps.push(await seconds(() => runMap(sfn, machine)));
    for (const [size, ofSize] of jobs)
      ofSize.push(await seconds(() => runJob(service, `/partitions/bench/jobs/map-${size}-${round}`, size)));
  }
  const perSecond = (rounds: readonly number[]) => ITEMS / median(rounds);
  return GOALS.map(([size, goal]) => {
    const rate = perSecond(jobs.get(size) ?? []);
    const ratio = rate / perSecond(maps);
    return {
      id: 'P3',
      what: `${ITEMS.toLocaleString('en')} items on the emulator, K = ${size}`,
      measured: `${rate.toFixed(0)} items/s, ${times(ratio)}`,
      reference: `its Step Functions Map of Pass states: ${perSecond(maps).toFixed(0)} items/s`,
      goal: `≥ ${goal} ×`,
      isMet: ratio >= goal,
    };
  });
}
