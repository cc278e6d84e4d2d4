/** What the world gives a function: time, chance, a log, its environment and the clients of AWS. */
import { randomBytes } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Clock, Log, LogFields, Random } from '#core/ports.ts';

/** For `readEnvironment`; nothing else reads it. */
// biome-ignore lint/style/noProcessEnv: the one place where a function meets its environment
export const environment: Readonly<Record<string, string | undefined>> = process.env;

export const systemClock: Clock = { now: () => Date.now() };

const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz';
const CHANCE_BITS = 80n;
const ID_LENGTH = 26;

let lastId = 0n;

/** ULIDs: 48 bits of milliseconds, 80 of chance; in one process each is greater than the one before. */
export const systemRandom: Random = {
  next: () => Math.random(),
  id() {
    const fresh = (BigInt(Date.now()) << CHANCE_BITS) | BigInt(`0x${randomBytes(10).toString('hex')}`);
    // In the same millisecond, and after the clock was set back, ids go on counting.
    lastId = fresh > lastId ? fresh : lastId + 1n;
    return crockford(lastId);
  },
};

function crockford(id: bigint): string {
  let text = '';
  for (let rest = id; text.length < ID_LENGTH; rest >>= 5n) text = CROCKFORD[Number(rest & 31n)] + text;
  return text;
}

/** One line of JSON a call on stdout, which Lambda hands to CloudWatch as it is; `base` stands in every line. */
export function jsonLog(base: LogFields = {}): Log {
  // The names that Lambda's own JSON logs use; `alarm` is what the alarms of the stack look for.
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

/** The head comes first to be read, and last so that no field can take the place of what alarms look at. */
function lineOf(head: LogFields, [base, fields]: readonly [LogFields, LogFields]): string {
  try {
    return JSON.stringify({ ...head, ...base, ...fields, ...head }, loggable);
  } catch (error) {
    // A log must not end the work it tells of.
    return JSON.stringify({ ...head, unloggable: String(error) });
  }
}

function loggable(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  // Not what SDK errors carry along: a refused row, or the whole response.
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

/** One set of clients a process, so that connections live on between invocations. The SDK finds region and endpoint. */
export function awsClients(): AwsClients {
  clients ??= {
    dynamo: new DynamoDBClient(clientSettings(10)),
    sqs: new SQSClient(clientSettings(10)),
    s3: new S3Client({
      ...clientSettings(30),
      // Emulators answer under one host name, without a subdomain for each bucket.
      forcePathStyle: environment['AWS_ENDPOINT_URL'] !== undefined,
      // Else a signed URL for an upload carries the checksum of an empty body, and S3 refuses every other body.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    }),
  };
  return clients;
}

/** A request that hangs is given up and tried again, 4 times in all; by default the SDK would wait for ever. */
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
