/** Failures of a job by fingerprint, counted over the rows that are kept of them. */
import * as z from 'zod';
import type { FailureGroupView } from '#contract/failure-view.ts';
import { bySize, groupFailures } from '#core/fingerprint.ts';
import type { Failure, Job } from '#core/job.ts';
import { listFailures, MAX_FAILURE_ROWS } from '../../store/failures.ts';
import { readProgress } from '../../store/progress.ts';
import { existingJob } from '../existing-job.ts';
import type { ApiRequest, ApiResponse, ApiTools } from '../request.ts';
import { fitAnswer, PagedList } from './pages.ts';

/** The last group of the page before: a group that grows meanwhile may be missed or come twice. */
const groupPosition = z.strictObject({ count: z.int(), fingerprint: z.string() });

export async function listGroups(
  request: ApiRequest<'listFailures'>,
  tools: ApiTools,
): Promise<ApiResponse<readonly FailureGroupView[]>> {
  const { limit } = request.query;
  const job = await existingJob(request.parameters, tools);
  const list = new PagedList(request, tools, groupPosition, { generation: job.generation });
  const start = await list.start();
  const groups = await groupsOf(job, tools);
  const behind = start === undefined ? groups : groups.filter((group) => bySize(start, group) < 0);
  const placed = behind.slice(0, limit).map((entry) => {
    const { count, fingerprint } = entry;
    return { entry, position: { count, fingerprint } };
  });
  const { entries, next } = fitAnswer(placed, behind.length > limit ? placed.at(-1)?.position : undefined);
  return list.answer(entries, next);
}

async function groupsOf(job: Job, { table }: ApiTools): Promise<FailureGroupView[]> {
  const failures: Failure[] = [];
  let after: Readonly<Record<string, unknown>> | undefined;
  do {
    const limit = MAX_FAILURE_ROWS - failures.length;
    const page = await listFailures(table, job, { limit, ...(after && { after }) });
    failures.push(...page.failures);
    after = page.next;
  } while (after !== undefined && failures.length < MAX_FAILURE_ROWS);
  const { failed } = await readProgress(table, job);
  const isAtLeast = after !== undefined || Math.max(failed, job.totals?.failed ?? 0) >= MAX_FAILURE_ROWS;
  return groupFailures(failures).map((group) => ({ ...group, isAtLeast }));
}
