/**
 * Runs work of 600 ms CPU time in a thread that may use 500 ms of CPU time for one step and 1.5 s in total, and prints
 * the result. The test stops and continues this process meanwhile.
 */
import { busyThread } from './busy-thread.ts';

if (process.argv.includes('start')) {
  const phases = Array.from({ length: 6 }, () => ({ kind: 'compute', millis: 100 }) as const);
  await busyThread.run({ phases: [] }, limits());
  process.stdout.write('started\n');
  process.stdout.write(
    `${await busyThread.run({ phases }, limits()).catch((error: Error) => error.message)}\n`,
  );
}

function limits() {
  return { timeoutSeconds: 1.5, stallSeconds: 0.5, maxMemoryMebibytes: 500 };
}
