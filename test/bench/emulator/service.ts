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

/** Waits until the job is final, and throws if it did not complete. */
export async function completed(service: Service, path: string): Promise<void> {
  for (;;) {
    const status = await (await call(service, 'GET', `${path}/status`)).json();
    if (status === 'Completed') return;
    if (status !== 'Waiting' && status !== 'Active') throw new Error(`the job ended as ${status}`);
    await pause(100);
  }
}
