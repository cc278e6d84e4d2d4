/** The jobs of a partition for a scanner inside the service: created by the very code that answers the API. */
import type { Claims } from '#contract/claims.ts';
import { createJobBody } from '#contract/create-job.ts';
import { LIVE_STATUSES } from '#core/job-status.ts';
import { createJobWithId } from '../creation/create-job.ts';
import type { CreationPorts } from '../creation/ports.ts';
import { wrongBody } from '../creation/wrong-input.ts';
import { walkJobs } from '../store/job-search.ts';
import { readJob } from '../store/jobs.ts';
import type { ScannedJobs } from './scan.ts';

/** Who created the job, as its view and history say. */
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
      const checked = createJobBody.safeParse(sentBody);
      if (!checked.success) throw wrongBody(checked.error.issues);
      const { outcome } = await createJobWithId(
        { partition, job },
        { body: checked.data, sentBody, caller },
        ports,
      );
      return outcome === 'created' ? 'created' : 'exists';
    },
  };
}
