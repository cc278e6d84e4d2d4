/** Jobs of a partition, for the scanner inside the service. Creates jobs with the same code as the API. */
import type { Claims } from '#contract/claims.ts';
import { createJobBody } from '#contract/create-job.ts';
import { LIVE_STATUSES } from '#core/job-status.ts';
import { createJobWithId } from '../creation/create-job.ts';
import type { CreationPorts } from '../creation/ports.ts';
import { invalidBody } from '../creation/wrong-input.ts';
import { walkJobs } from '../store/job-search.ts';
import { readJob } from '../store/jobs.ts';
import type { ScannedJobs } from './scan.ts';

/** Creator in the view and the history of the job. */
const SCANNER = 'scanner';

export function storedJobs(partition: string, ports: CreationPorts): ScannedJobs {
  const caller: Claims = {
    sub: SCANNER,
    partitions: [partition],
    role: 'operator',
    iat: 0,
    exp: Number.POSITIVE_INFINITY,
  };
  return {
    async countUnfinished(atMost) {
      let count = 0;
      const criteria = { statuses: LIVE_STATUSES, includeHidden: true };
      for await (const { found } of walkJobs(ports.table, partition, { criteria })) {
        count += found.length;
        if (count >= atMost) break;
      }
      return count;
    },
    find: (job) => readJob(ports.table, { partition, job }),
    async create(job, sentBody) {
      const parsedBody = createJobBody.safeParse(sentBody);
      if (!parsedBody.success) throw invalidBody(parsedBody.error.issues);
      const { kind } = await createJobWithId(
        { partition, job },
        { body: parsedBody.data, sentBody, caller },
        ports,
      );
      return kind === 'created' ? 'created' : 'exists';
    },
  };
}
