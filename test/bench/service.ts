/** The measured service, and a function that reads its clock. */
import { omitUndefined } from '#core/omit-undefined.ts';

export interface Service {
  readonly url: string;
  readonly token: string;
}

export async function call({ url, token }: Service, method: string, path: string, body?: unknown) {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...omitUndefined({ body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response;
}

export const pause = (millis: number) => new Promise((resolve) => setTimeout(resolve, millis));

export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return (performance.now() - begin) / 1000;
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
