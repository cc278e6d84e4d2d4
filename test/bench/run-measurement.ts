import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Row } from './row.ts';

/** Runs one measurement in a new process. */
export async function runMeasurement(name: string, options: readonly string[]): Promise<Row[]> {
  const file = join(import.meta.dirname, 'measure.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [...options, file, name], {
    maxBuffer: 10 * 1024 * 1024,
  });
  return JSON.parse(stdout);
}
