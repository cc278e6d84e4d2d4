import type { Context } from '../context.ts';
import { partitionOf } from '../settings/connection.ts';

export async function run({ output, signal, connect }: Context, _options: object, id: string): Promise<void> {
  const request = await partitionOf(connect()).job(id).request({ signal });
  await output.json(request);
}
