/** The failures of a job, one by one or in groups. */
import * as z from 'zod';
import type { FailureGroupView } from '#contract/failure-view.ts';
import { bySize, groupFailures } from '#core/fingerprint.ts';
import type { Failure, Job } from '#core/job.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { MAX_FAILURE_ROWS, listFailures as readFailures } from '../../store/failures.ts';
import { failureKey } from '../../store/keys.ts';
import { readProgress } from '../../store/progress.ts';
import { existingJob } from '../existing-job.ts';
import { fitAnswer, PagedList } from '../lists/pages.ts';
import { withPayloadExcerpts } from '../lists/payload-excerpts.ts';
import type { ApiPorts, ApiRequest, ApiResponse, OperationHandler } from '../request.ts';

export const listFailures: OperationHandler<'listFailures'> = async (request, ports) => {
  const { limit, groupBy } = request.query;
  if (groupBy !== undefined) return listGroups(request, ports);
  const job = await existingJob(request.parameters, ports);
  // The position is the id of the last failure on the page.
  const list = new PagedList(request, ports, z.string(), { runNumber: job.runNumber });
  const start = await list.start();
  const after = start === undefined ? undefined : { ...failureKey(job, start) };
  // Read one more, to know if there is a next page.
  const { failures, next: isLonger } = await readFailures(ports.table, job, {
    limit: limit + 1,
    ...omitUndefined({ after }),
  });
  const shown = await withPayloadExcerpts(job, failures.slice(0, limit), ports);
  const placed = shown.map((entry) => ({ entry, position: entry.failureId }));
  const isMore = failures.length > limit || isLonger !== undefined;
  const { entries, next } = fitAnswer(placed, isMore ? placed.at(-1)?.position : undefined);
  return list.answer(entries, next);
};

/** The last group of the page before. A group that grows between two requests may be missing or appear twice. */
const groupPosition = z.strictObject({ count: z.int(), fingerprint: z.string() });

async function listGroups(
  request: ApiRequest<'listFailures'>,
  ports: ApiPorts,
): Promise<ApiResponse<readonly FailureGroupView[]>> {
  const { limit } = request.query;
  const job = await existingJob(request.parameters, ports);
  const list = new PagedList(request, ports, groupPosition, { runNumber: job.runNumber });
  const start = await list.start();
  const groups = await groupsOf(job, ports);
  const remaining = start === undefined ? groups : groups.filter((group) => bySize(start, group) < 0);
  const groupsOfPage = remaining.slice(0, limit);
  const examples = await withPayloadExcerpts(
    job,
    groupsOfPage.map(({ example }) => example),
    ports,
  );
  const placed = groupsOfPage.map((group, at) => {
    const { count, fingerprint } = group;
    const entry = { ...group, example: examples[at] ?? group.example };
    return { entry, position: { count, fingerprint } };
  });
  const { entries, next } = fitAnswer(placed, remaining.length > limit ? placed.at(-1)?.position : undefined);
  return list.answer(entries, next);
}

async function groupsOf(job: Job, { table }: ApiPorts): Promise<FailureGroupView[]> {
  const failures: Failure[] = [];
  let after: Readonly<Record<string, unknown>> | undefined;
  do {
    const limit = MAX_FAILURE_ROWS - failures.length;
    const page = await readFailures(table, job, { limit, ...omitUndefined({ after }) });
    failures.push(...page.failures);
    after = page.next;
  } while (after !== undefined && failures.length < MAX_FAILURE_ROWS);
  const { failed } = await readProgress(table, job);
  const isAtLeast = after !== undefined || Math.max(failed, job.totals?.failed ?? 0) >= MAX_FAILURE_ROWS;
  return groupFailures(failures).map((group) => ({ ...group, isAtLeast }));
}
