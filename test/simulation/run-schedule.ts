/** Runs one schedule. The seed and the mode determine every event. */
// Loaded before a schedule, because an invocation may wait only for port calls.
import '../../functions/creation/json-schema.ts';
import { compileTemplate } from '#core/template/compile.ts';
import { deployedMachine } from '#core/template/machine-name.ts';
import type { AnyQueueName } from '../support/memory/queues.ts';
import { memoryWorld } from '../support/memory/world.ts';
import { Adversary } from './adversary.ts';
import { registryOf } from './api-calls.ts';
import { BEGIN } from './begin.ts';
import { Chance } from './chance.ts';
import { Faults } from './faults.ts';
import {
  Functions,
  type QueueWork,
  ROLES_OF_QUEUES,
  type Role,
  type RunningInstance,
  type Wiring,
} from './functions.ts';
import { MachineSource } from './machine-source.ts';
import type { Surroundings } from './ports.ts';
import { QueueSource } from './queue-source.ts';
import { checkRest, type Leftovers } from './rest.ts';
import { hasLeases, type Mode, type Scenario, scenarioOf } from './scenario.ts';
import { Stage } from './stage.ts';
import { StreamSource } from './stream-source.ts';
import { SweepSource } from './sweep-source.ts';
import { Trace } from './trace.ts';
import { Users } from './users.ts';
import { type Violation, Watch } from './watch.ts';

export interface ScheduleOptions {
  readonly wiring?: Wiring;
  readonly keepTrace?: boolean;
  readonly change?: (scenario: Scenario) => Scenario;
}

export interface ScheduleResult {
  readonly seed: number;
  readonly mode: Mode;
  readonly violations: readonly Violation[];
  readonly steps: number;
  readonly hash: string;
  readonly isAtRest: boolean;
  readonly leftovers: Leftovers | undefined;
  /** Number of chunks that splitters found; `sends` counts each time they sent one. */
  readonly chunks: number;
  readonly sends: number;
  readonly logCounts: ReadonlyMap<string, number>;
  readonly lines: readonly string[];
}

const FLOW_QUEUES = { split: 'split', results: 'results' };

/** Probability that a turn begins an invocation instead of performing a port call. */
const START_SHARE = 0.2;

export async function runSchedule(
  seed: number,
  mode: Mode,
  options: ScheduleOptions = {},
): Promise<ScheduleResult> {
  const drawnScenario = scenarioOf(seed, mode);
  const scenario = options.change?.(drawnScenario) ?? drawnScenario;
  const trace = new Trace({ keepLines: options.keepTrace === true });
  trace.lines?.push(describe(scenario));
  const surroundings = surround(scenario, trace);
  const { watch } = surroundings;
  let isAtRest = false;
  try {
    isAtRest = await play(surroundings, options.wiring ?? {});
  } catch (error) {
    watch.violated(
      'a schedule runs without an internal error',
      error instanceof Error ? String(error.stack) : String(error),
    );
  }
  if (!isAtRest && mode === 'liveness') watch.violated('everything ends', `not after ${trace.steps} steps`);
  const leftovers = isAtRest ? await checkRest(surroundings, options.wiring) : undefined;
  return {
    seed,
    mode,
    violations: watch.violations,
    steps: trace.steps,
    hash: trace.hash,
    isAtRest,
    leftovers,
    ...sendsOf(watch),
    logCounts: watch.logCounts,
    lines: trace.lines ?? [],
  };
}

function sendsOf({ runs }: Watch): { chunks: number; sends: number } {
  const nodes = [...runs.values()].flatMap((truth) => [...truth.nodes.values()]);
  const chunks = nodes
    .flatMap(({ children }) => [...children.values()])
    .filter(({ kind }) => kind === 'chunk');
  return { chunks: chunks.length, sends: chunks.reduce((sum, chunk) => sum + chunk.sends, 0) };
}

function surround(scenario: Scenario, trace: Trace): Surroundings {
  const options = { visibilitySeconds: scenario.visibilitySeconds, maxReceives: scenario.maxReceives };
  const queues = {
    split: options,
    results: options,
    reports: options,
    'worker:first': options,
    'worker:second': options,
  };
  let watch: Watch | undefined;
  const world = memoryWorld({
    seed: scenario.seed,
    start: BEGIN,
    machines: { isStepwise: true },
    queues: { ...queues, unroutable: {} },
    table: {
      streams: (change) => {
        watch?.recordChange(change);
        return change.new?.['followUp'] !== undefined;
      },
    },
  });
  for (const template of registryOf(scenario).templates)
    world.machines.deploy(deployedMachine(template), compileTemplate(template, FLOW_QUEUES));
  const chance = new Chance(scenario.seed ^ 0x5eed);
  const faults = new Faults(scenario.rates, scenario.plannedFaults, chance);
  watch = new Watch(scenario, world.clock, trace);
  const { violated } = watch;
  const onMisuse = (label: string, error: unknown) =>
    violated('ports are used correctly', `${label}: ${String(error)}`);
  const stage = new Stage({ clock: world.clock, chance, faults, trace, onMisuse });
  return { world, stage, watch, faults, chance, trace };
}

interface Source {
  start(): boolean;
  renewLeases?(): void;
  nextDue?(): number | undefined;
}

/** Returns true if everything came to rest. */
async function play(surroundings: Surroundings, wiring: Wiring): Promise<boolean> {
  const { world, stage, watch, faults, chance, trace } = surroundings;
  const { scenario } = watch;
  const functions = new Functions(surroundings, wiring);
  const users = new Users(surroundings, functions);
  const sources: Source[] = [...sourcesOf(surroundings, functions), users];
  const startAny = (): boolean => {
    const first = chance.below(sources.length);
    return sources.some((_, position) => sources[(first + position) % sources.length]?.start() === true);
  };
  while (trace.steps < scenario.maxSteps) {
    await stage.settleAll();
    if (hasLeases(scenario)) for (const source of sources) source.renewLeases?.();
    world.clock.advance(chance.below(scenario.maxStepMillis));
    const isLate = scenario.mode === 'liveness' && trace.steps > scenario.maxSteps / 2;
    if (isLate || world.clock.now() - BEGIN >= scenario.faultsStopAt) faults.stop();
    if (chance.is(START_SHARE) && startAny()) continue;
    // A receive may move a message to its dead-letter queue, so a second attempt must find nothing too.
    if (stage.performOne() || startAny() || startAny()) continue;
    const due = [...sources.map((source) => source.nextDue?.()), stage.nextDue(), world.queues.nextDue()];
    const times = due.filter((time) => time !== undefined);
    if (times.length === 0 && !users.resumeAll()) return true;
    if (times.length === 0) continue;
    // Work that is already due waits for a stalled instance.
    const futureTimes = times.filter((time) => time > world.clock.now());
    if (futureTimes.length === 0)
      throw new Error(
        `work is due but no source takes it: ${JSON.stringify(due)} at ${world.clock.now()} ${JSON.stringify(world.queues.names().map((n) => [n, world.queues.depth(n)]))}`,
      );
    world.clock.advanceTo(Math.min(...futureTimes));
  }
  return false;
}

function sourcesOf(surroundings: Surroundings, functions: Functions): Source[] {
  const { batchSizes, instances } = surroundings.watch.scenario;
  const sizes: Readonly<Record<string, number>> = {
    split: batchSizes.split,
    first: batchSizes.worker,
    second: batchSizes.worker,
    track: batchSizes.results,
  };
  const deadLetterReaders: (RunningInstance<QueueWork> | undefined)[] = [undefined];
  // An instance of the tracker receives messages of both its queues.
  const instancesOfRole = new Map<Role, (RunningInstance<QueueWork> | undefined)[]>();
  const queues = ROLES_OF_QUEUES.flatMap(([queue, role]) => {
    const instanceList = instancesOfRole.get(role) ?? Array.from({ length: instances }, () => undefined);
    instancesOfRole.set(role, instanceList);
    const options = { queue, role, batchSize: sizes[role] ?? 1, instances: instanceList };
    const deadLetterOptions = {
      queue: `dead:${queue}` as AnyQueueName,
      role: 'deadLetters' as const,
      batchSize: 3,
      instances: deadLetterReaders,
    };
    return [
      new QueueSource(surroundings, functions, options),
      new QueueSource(surroundings, functions, deadLetterOptions),
    ];
  });
  return [
    ...queues,
    new Adversary(surroundings),
    new StreamSource(surroundings, functions),
    new SweepSource(surroundings, functions),
    ...(surroundings.watch.scenario.focus === 'templates' ? [new MachineSource(surroundings)] : []),
  ];
}

function describe(scenario: Scenario): string {
  const printable = (_name: string, value: unknown) => (value instanceof Map ? `${value.size} items` : value);
  return JSON.stringify(scenario, printable, 1);
}
