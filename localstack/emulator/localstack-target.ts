import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { STATE_ROOT } from '../local-aws.ts';
import { LocalRefusal } from '../local-refusal.ts';
import type { Emulator, EmulatorTarget } from './emulator.ts';
import { configuredPort, LOOPBACK } from './port.ts';

const RESPONSE_TIMEOUT_MS = 5000;

/** A LocalStack at AWS_ENDPOINT_URL that the user starts and ends. */
export function localstackTarget(env: NodeJS.ProcessEnv = process.env): EmulatorTarget {
  const endpoint = (env['AWS_ENDPOINT_URL'] ?? `http://${LOOPBACK}:${configuredPort(env)}`).replace(
    /\/+$/,
    '',
  );
  const stateDir = join(STATE_ROOT, 'localstack');
  const find = async (): Promise<Emulator | undefined> => {
    const instance = await listeningInstance(endpoint);
    return instance === undefined ? undefined : { kind: 'localstack', endpoint, instance, stateDir };
  };
  return {
    kind: 'localstack',
    find,
    up: async () => (await find()) ?? refuseAbsent(endpoint),
    down: async () => {
      rmSync(stateDir, { recursive: true, force: true });
      return `removed the local state of LocalStack at ${endpoint}; end LocalStack where you started it`;
    },
  };
}

function refuseAbsent(endpoint: string): never {
  throw new LocalRefusal(
    `LocalStack does not respond at ${endpoint}; --on localstack requires one that is already running. Start it (docker compose -f localstack/docker-compose.yml up -d), or set AWS_ENDPOINT_URL to its address`,
  );
}

/** Returns an id that differs between runs of LocalStack; `undefined` if no LocalStack responds. */
async function listeningInstance(endpoint: string): Promise<string | undefined> {
  if (!(await fetchPage(endpoint, 'health'))) return undefined;
  const info = await fetchPage(endpoint, 'info');
  return typeof info?.['session_id'] === 'string' ? info['session_id'] : 'unknown';
}

async function fetchPage(
  endpoint: string,
  page: 'health' | 'info',
): Promise<Record<string, unknown> | undefined> {
  try {
    const response = await fetch(`${endpoint}/_localstack/${page}`, {
      signal: AbortSignal.timeout(RESPONSE_TIMEOUT_MS),
    });
    const body: unknown = await response.json();
    return response.ok && typeof body === 'object' ? (body as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
