import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { LocalRefusal } from '../local-refusal.ts';

export const LOOPBACK = '127.0.0.1';
const DEFAULT_PORT = 4566;

/** Returns the port of the main emulator: JOBTREE_PORT or 4566, the usual port of AWS emulators. */
export function configuredPort(env: NodeJS.ProcessEnv = process.env): number {
  const text = env['JOBTREE_PORT'];
  if (!text) return DEFAULT_PORT;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new LocalRefusal(
      `JOBTREE_PORT is '${text}'; a port is a whole number from 1 to 65535. Correct it or unset it`,
    );
  }
  return port;
}

/** Returns a free port chosen by the system. Another program could take it immediately. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, LOOPBACK);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('the system returned no port');
  return address.port;
}

/** Throws if another program uses the port, and names the program if possible. */
export async function assertPortFree(port: number): Promise<void> {
  if (await accepts(port)) {
    throw new LocalRefusal(
      `port ${port} is in use by ${await describeHolder(port)}; jobtree's emulator needs a free port. Stop that program, or choose another port: JOBTREE_PORT=${port + 1}`,
    );
  }
  const reason = await bindError(port);
  if (reason) {
    throw new LocalRefusal(
      `port ${port} cannot be opened (${reason}); jobtree's emulator needs a free port. Choose another one: JOBTREE_PORT=4567`,
    );
  }
}

// Tries to connect first: on macOS, binding to loopback succeeds even if a program listens on all interfaces.
async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, LOOPBACK);
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(1000) });
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function bindError(port: number): Promise<string | undefined> {
  const server = createServer().listen(port, LOOPBACK);
  try {
    await once(server, 'listening');
    return undefined;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  } finally {
    server.close();
  }
}

async function describeHolder(port: number): Promise<string> {
  try {
    const url = `http://${LOOPBACK}:${port}/_localstack/health`;
    const response = await fetch(url, { signal: AbortSignal.timeout(1000) });
    const health = (await response.json()) as { edition?: string; version?: string };
    if (response.ok) return `another AWS emulator (edition ${health.edition}, version ${health.version})`;
  } catch {
    // Not an emulator, which is all the message needs.
  }
  return 'another program';
}
