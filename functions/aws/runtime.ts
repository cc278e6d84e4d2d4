/** The environment of a function: clock, random values, log and variables. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock, Log, LogFields, Random } from '#core/ports.ts';

/** For `readEnvironment`, and for the PATH of programs that a worker starts; nothing else reads it. */
// biome-ignore lint/style/noProcessEnv: the only location that reads the environment of a function
export const environment: Readonly<Record<string, string | undefined>> = process.env;

export const systemClock: Clock = { now: () => Date.now(), sleep: (millis) => sleep(millis) };

const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz';
const CHANCE_BITS = 80n;
const ID_LENGTH = 26;

let lastId = 0n;

/**
 * Generates ULIDs: 48 bits of milliseconds and 80 random bits. Within a process, each is greater than the one
 * before.
 */
export const systemRandom: Random = {
  next: () => Math.random(),
  id() {
    const fresh = (BigInt(Date.now()) << CHANCE_BITS) | BigInt(`0x${randomBytes(10).toString('hex')}`);
    // Within the same millisecond, and after the clock was set back, the last id is incremented.
    lastId = fresh > lastId ? fresh : lastId + 1n;
    return crockford(lastId);
  },
};

function crockford(id: bigint): string {
  let text = '';
  for (let rest = id; text.length < ID_LENGTH; rest >>= 5n) text = CROCKFORD[Number(rest & 31n)] + text;
  return text;
}

/**
 * Writes each entry as one line of JSON to stdout, which Lambda sends to CloudWatch unchanged. Every line
 * includes `base`.
 */
export function jsonLog(base: LogFields = {}): Log {
  // The field names of Lambda's own JSON logs. The stack's alarms look for `alarm`.
  const write = (head: LogFields, message: string, fields: LogFields = {}) => {
    const timestamp = new Date().toISOString();
    process.stdout.write(`${lineOf({ timestamp, ...head, message }, [base, fields])}\n`);
  };
  return {
    info: (message, fields) => write({ level: 'INFO' }, message, fields),
    warn: (message, fields) => write({ level: 'WARN' }, message, fields),
    alarm: (message, fields) => write({ level: 'ERROR', alarm: true }, message, fields),
  };
}

/**
 * The head comes first for readers. It is also spread last, so that no field can replace a value that alarms
 * use.
 */
function lineOf(head: LogFields, [base, fields]: readonly [LogFields, LogFields]): string {
  try {
    return JSON.stringify({ ...head, ...base, ...fields, ...head }, loggable);
  } catch (error) {
    // A logging error must not end the work that is logged.
    return JSON.stringify({ ...head, unloggable: String(error) });
  }
}

function loggable(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  // Omits other members of SDK errors, such as a refused row or the whole response.
  if (value instanceof Error) {
    return { name: value.name, message: value.message, stack: value.stack, cause: value.cause };
  }
  return value;
}
