/** One line of the table in docs/explanation/performance.md. */
export interface Row {
  /** Number of the goal, such as P4. */
  readonly id: string;
  readonly what: string;
  readonly measured: string;
  /** The rival or floor that was measured in the same run. */
  readonly reference: string;
  readonly goal: string;
  readonly isMet: boolean;
}

/** A measurement that runs in a process of its own, so that none affects the memory or the compiled code of another. */
export type Measurement = () => Promise<readonly Row[]>;

export function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

export function micros(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 1)} µs`;
}

export function times(ratio: number): string {
  return `${ratio.toFixed(2)} ×`;
}

/** CPU time of this process, all threads, while `work` runs. In microseconds. */
export async function cpuMicros(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
