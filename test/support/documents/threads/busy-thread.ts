import { LimitedThread } from '../../../../functions/workers/documents/threads/limited-thread.ts';

/** Phases of work, one after the other. Each one ends with a step. */
export interface BusyRequest {
  readonly phases: readonly { readonly kind: 'compute' | 'wait'; readonly millis: number }[];
}

/** A thread that computes, or waits without CPU time, as on a machine where it gets no processor. */
export const busyThread = new LimitedThread<BusyRequest, string>({
  role: 'test: busy thread',
  module: import.meta.url,
  load: async () => (request, step) => {
    for (const { kind, millis } of request.phases) {
      if (kind === 'wait') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, millis);
      else compute(millis);
      step();
    }
    return 'finished';
  },
});

function compute(cpuMillis: number): void {
  const start = process.threadCpuUsage();
  for (;;) {
    const { user, system } = process.threadCpuUsage(start);
    if (user + system > cpuMillis * 1000) return;
  }
}
