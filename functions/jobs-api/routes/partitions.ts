/** The settings of a partition. */
import type { PartitionView } from '#contract/partition.ts';
import { refusal } from '#contract/problem.ts';
import { type PartitionState, putSettings, readPartition } from '../../store/partitions.ts';
import { isKnown } from '../etag.ts';
import type { ApiResponse, OperationHandler } from '../request.ts';

export const getPartition: OperationHandler<'getPartition'> = async ({ parameters }, { table }) => {
  const { p: partition } = parameters;
  return shownPartition(partition, await readPartition(table, partition, { strong: true }));
};

export const putPartition: OperationHandler<'putPartition'> = async (request, { table, clock }) => {
  const { parameters, body, header } = request;
  const { p: partition } = parameters;
  const state = await putSettings(table, partition, body, {
    now: clock.now(),
    check: (before) => checkSettings(header('If-Match'), partition, before),
  });
  return shownPartition(partition, state);
};

function shownPartition(partition: string, state: PartitionState): ApiResponse<PartitionView> {
  const { settings, activeJobs, settingsVersion: version, lastUpdateTime } = state;
  const view: PartitionView = {
    partition,
    ...settings,
    activeJobs,
    version,
    ...(lastUpdateTime === undefined ? {} : { lastUpdateTime }),
  };
  return { status: 200, body: view, headers: { ETag: settingsEtag(state) } };
}

/** Refuses a change of settings that are no longer what the caller saw; the count of jobs is none of them. */
function checkSettings(ifMatch: string | undefined, partition: string, state: PartitionState): void {
  if (ifMatch === undefined || isKnown(ifMatch, settingsEtag(state))) return;
  throw refusal(
    'precondition-failed',
    `the settings of partition '${partition}' have version ${state.settingsVersion}, If-Match asks for ${ifMatch.slice(0, 100)}; read them again and decide anew`,
  );
}

function settingsEtag({ settingsVersion }: PartitionState): string {
  return `"${settingsVersion}"`;
}
