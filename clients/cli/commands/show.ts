import type { Context } from '../context.ts';
import { jobFields } from '../job-fields.ts';
import { partitionOf } from '../settings/connection.ts';

export async function run({ output, signal, connect }: Context, _options: object, id: string): Promise<void> {
  const job = await partitionOf(connect()).job(id).get({ signal });
  await output.value(job, () => jobFields(job, output));
  if (output.isForPeople && job.items.failed > 0)
    output.note(`See the failures: jobtree failures ${job.id} --group`);
}
