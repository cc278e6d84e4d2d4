/** The environment of a function: clock, random values, log, variables and AWS clients. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Clock, Log, LogFields, Random } from '#core/ports.ts';

/** For `readEnvironment`; nothing else reads it. */
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

export interface AwsClients {
  readonly dynamo: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly s3: S3Client;
}

let clients: AwsClients | undefined;

/**
 * Creates one set of clients per process, so that connections are reused between invocations. The SDK
 * determines region and endpoint.
 */
export function awsClients(): AwsClients {
  clients ??= {
    dynamo: new DynamoDBClient(clientSettings(10)),
    sqs: new SQSClient(clientSettings(10)),
    s3: new S3Client({
      ...clientSettings(30),
      // Emulators use one host name, without a subdomain per bucket.
      forcePathStyle: environment['AWS_ENDPOINT_URL'] !== undefined,
      // Otherwise, a signed upload URL contains the checksum of an empty body, and S3 refuses every other
      // body.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    }),
  };
  return clients;
}

/**
 * A stalled request times out and is retried, 4 attempts in total. By default, the SDK would wait forever.
 */
export function clientSettings(requestSeconds: number) {
  return {
    maxAttempts: 4,
    requestHandler: {
      connectionTimeout: 2000,
      requestTimeout: requestSeconds * 1000,
      throwOnRequestTimeout: true,
      httpsAgent: { keepAlive: true, maxSockets: 128 },
      httpAgent: { keepAlive: true, maxSockets: 128 },
    },
  };
}
