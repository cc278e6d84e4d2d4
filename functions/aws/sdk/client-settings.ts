import type { Credentials } from '../calls.ts';

export interface ClientSettings {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: Credentials;
}

/** A stalled request times out and is retried, 4 attempts in total. By default, the SDK would wait forever. */
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
