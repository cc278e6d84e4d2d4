/** Moment by the wall clock and by the CPU time of the threads beside the current one, in seconds. */
export interface Moment {
  readonly wall: number;
  readonly cpu: number;
}

const MICROS = 1e6;

/** On a loaded machine, the wall clock continues while a thread waits for a processor. CPU time does not. */
export function now(): Moment {
  return { wall: performance.now() / 1000, cpu: cpuSeconds() };
}

/** CPU time of the process without the current thread, which fetches and stores documents. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  // Node 20 does not have this function.
  const own = process.threadCpuUsage?.() ?? { user: 0, system: 0 };
  return (user + system - own.user - own.system) / MICROS;
}

/** Wall-clock time that ends work without CPU time, as a multiple of its limit. */
const STARVED_FACTOR = 20;

/**
 * Compares the time since `start` with a limit. Work is `tooLong` if both clocks exceed the limit, because the garbage
 * collector uses several processors at once. Work is `starved` if much time passed but the thread did not run.
 */
export function judge(start: Moment, limitSeconds: number, { wall, cpu }: Moment = now()): Verdict {
  if (wall - start.wall <= limitSeconds) return 'within limit';
  if (cpu - start.cpu > limitSeconds) return 'too long';
  return wall - start.wall > limitSeconds * STARVED_FACTOR ? 'starved' : 'within limit';
}

export type Verdict = 'within limit' | 'too long' | 'starved';
