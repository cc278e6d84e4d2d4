import type { JobHandle } from '../../client/index.ts';
import { actOnMatching } from '../bulk-action.ts';
import type { Context } from '../context.ts';
import { eachJob, printNamed } from '../each-job.ts';
import type { ExitCode } from '../exit-codes.ts';
import { criteriaOf, isConfirmed, type SelectionOptions } from '../selection.ts';
import { partitionOf } from '../settings/connection.ts';

const PAST = { cancel: 'cancelled', pause: 'paused', resume: 'resumed', delete: 'deleted' } as const;
type Verb = keyof typeof PAST;

/** Returns the command of a verb without further options. */
export function runVerb(verb: Verb) {
  return async (
    context: Context,
    options: SelectionOptions,
    jobs: string[],
  ): Promise<ExitCode | undefined> => {
    const criteria = criteriaOf(jobs, options);
    const partition = partitionOf(context.connect());
    if (criteria !== undefined) {
      await actOnMatching(context, partition, { verb, criteria, options });
      return undefined;
    }
    if (options.dryRun) {
      await printNamed(context, jobs);
      return undefined;
    }
    if (verb === 'delete' && process.stdin.isTTY) {
      const question = `Delete ${jobs.join(', ')} with all data?`;
      if (!(await isConfirmed(context, question, options))) return undefined;
    }
    return eachJob(context, jobs, async (id) => {
      const handle: JobHandle = partition.job(id);
      await handle[verb]({ signal: context.signal });
      return { note: `${id} is ${PAST[verb]}`, view: { action: verb } };
    });
  };
}
