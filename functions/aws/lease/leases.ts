/**
 * Returns the messages of a crashed invocation within a minute.
 *
 * Lambda hides the messages of an invocation for the visibility timeout of the queue, six times the timeout of the function.
 * An invocation that lasts longer than two seconds therefore takes a lease: it hides its messages for less than a minute, and
 * renews that until it ends. If it crashes, or its time is up, the lease ends by itself. A process that exits while it has
 * messages returns them first. Short invocations cost no request
 * (docs/explanation/decisions/0044-leases-of-messages.md).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Worker } from 'node:worker_threads';
import type { Log } from '#core/ports.ts';
import type { LeasedMessage, LeaseReport, LeaseRequest, LeaseTimes } from './lease-messages.ts';

const DEFAULT_TIMES: LeaseTimes = { firstMillis: 2_000, seconds: 55, renewMillis: 40_000 };
/** Maximum wait for a renewal in flight. */
const END_MILLIS = 1_000;
const UNREF = { ref: false };
/** Maximum time that a process may spend on returning its messages when it exits. */
const EXIT_MILLIS = 5_000;

export interface LeasePorts {
  readonly log: Log;
  /** Called for each request to the queue, with the bodies of its messages. */
  readonly countRequest: (bodies: readonly string[]) => void;
  /** @default a lease of 55 seconds, taken after 2 and renewed after 40 seconds */
  readonly times?: LeaseTimes;
  /** File of the thread. @default lease-thread next to the bundle */
  readonly file?: URL;
}

export interface Lease {
  /** Ends the lease. The messages stay hidden until it would have ended. */
  end(): Promise<void>;
}

/** A lease that is not needed any more, or cannot be taken. */
const NO_LEASE: Lease = { end: async () => undefined };

interface OpenLease {
  readonly messages: readonly LeasedMessage[];
  /** True once the thread knows it. */
  isTaken: boolean;
  onEnd: (() => void) | undefined;
}

/** One for each process. The thread starts with the first invocation that lasts long enough. */
export class Leases {
  readonly #ports: LeasePorts;
  readonly #file: URL;
  readonly #times: LeaseTimes;
  readonly #open = new Map<number, OpenLease>();
  #thread: Worker | undefined;
  #count = 0;

  constructor(ports: LeasePorts) {
    this.#ports = ports;
    this.#file = ports.file ?? threadFile();
    this.#times = ports.times ?? DEFAULT_TIMES;
  }

  /** Begins the lease of an invocation. */
  begin(messages: readonly LeasedMessage[]): Lease {
    // An import of node:fs would load all that it exports.
    if (!process.getBuiltinModule('node:fs').existsSync(this.#file)) return NO_LEASE;
    if (this.#count === 0) process.once('exit', () => this.#returnAll());
    const id = this.#count++;
    const lease: OpenLease = { messages, isTaken: false, onEnd: undefined };
    this.#open.set(id, lease);
    const timer = setTimeout(() => this.#take(id, lease), this.#times.firstMillis);
    return {
      end: async () => {
        clearTimeout(timer);
        this.#open.delete(id);
        // Otherwise a renewal in flight could hide messages that the caller makes visible next.
        if (lease.isTaken) await Promise.race([this.#ended(id, lease), sleep(END_MILLIS, undefined, UNREF)]);
      },
    };
  }

  #take(id: number, lease: OpenLease): void {
    lease.isTaken = true;
    this.#post({ kind: 'take', id, messages: lease.messages });
  }

  #ended(id: number, lease: OpenLease): Promise<void> {
    if (this.#thread === undefined) return Promise.resolve();
    return new Promise((resolve) => {
      lease.onEnd = resolve;
      this.#open.set(id, lease);
      this.#post({ kind: 'end', id });
    });
  }

  #post(request: LeaseRequest): void {
    this.#thread ??= this.#startThread();
    this.#thread.postMessage(request);
  }

  #startThread(): Worker {
    // Loaded here, because most invocations are too short for a lease.
    const { Worker: Thread } = process.getBuiltinModule('node:worker_threads');
    const thread = new Thread(this.#file, { workerData: this.#times });
    thread.unref();
    thread.on('message', (report: LeaseReport) => this.#handle(report));
    thread.on('error', (error) => {
      this.#ports.log.warn('leases end, because their thread failed', { error: String(error) });
      this.#thread = undefined;
      for (const { onEnd } of this.#open.values()) onEnd?.();
    });
    return thread;
  }

  #handle(report: LeaseReport): void {
    const lease = this.#open.get(report.id);
    if (report.kind === 'requested') {
      this.#ports.countRequest((lease?.messages ?? []).map(({ body }) => body));
      if (report.error !== undefined)
        this.#ports.log.warn('a lease was not renewed', { error: report.error });
      return;
    }
    this.#open.delete(report.id);
    lease?.onEnd?.();
  }

  /** Runs while the process exits, when nothing asynchronous can run any more. */
  #returnAll(): void {
    const messages = [...this.#open.values()].flatMap(({ messages: held }) => held);
    if (messages.length === 0) return;
    this.#ports.log.warn('the process exits during an invocation and returns its messages', {
      messages: messages.length,
    });
    const { spawnSync } = process.getBuiltinModule('node:child_process');
    spawnSync(process.execPath, [fileURLToPath(this.#file)], {
      input: JSON.stringify(messages),
      timeout: EXIT_MILLIS,
      stdio: ['pipe', 'inherit', 'inherit'],
    });
  }
}

/** In a bundle, the thread is a file next to it. */
function threadFile(): URL {
  const isSource = import.meta.url.endsWith('.ts');
  return new URL(isSource ? './lease-thread.ts' : './lease-thread.mjs', import.meta.url);
}
