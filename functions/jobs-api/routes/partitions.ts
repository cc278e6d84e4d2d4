/** The settings of a partition. */
import type { PartitionView } from '#contract/partition.ts';
import { refusal } from '#contract/problem.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import { type PartitionState, putSettings, readPartition } from '../../store/partitions.ts';
import { isCurrent } from '../etag.ts';
import type { ApiResponse, OperationHandler } from '../request.ts';

export const getPartition: OperationHandler<'getPartition'> = async ({ parameters }, { table }) => {
  const { p: partition } = parameters;
  return partitionResponse(partition, await readPartition(table, partition, { strong: true }));
};

export const putPartition: OperationHandler<'putPartition'> = async (request, { table, clock }) => {
  const { parameters, body, header } = request;
  const { p: partition } = parameters;
  const state = await putSettings(table, partition, body, {
    now: clock.now(),
    check: (current) => checkSettings(header('If-Match'), partition, current),
  });
  return partitionResponse(partition, state);
};

function partitionResponse(partition: string, state: PartitionState): ApiResponse<PartitionView> {
  const { settings, activeJobs, settingsVersion: version, lastUpdateTime } = state;
  const view: PartitionView = {
    partition,
    ...settings,
    activeJobs,
    version,
    ...omitUndefined({ lastUpdateTime }),
  };
  return { status: 200, body: view, headers: { ETag: settingsEtag(state) } };
}

/** Refuses a change if the settings have another version than the caller saw. The count of jobs is not a setting. */
function checkSettings(ifMatch: string | undefined, partition: string, state: PartitionState): void {
  if (ifMatch === undefined || isCurrent(ifMatch, settingsEtag(state))) return;
  throw refusal(
    'precondition-failed',
    `the settings of partition '${partition}' have version ${state.settingsVersion}, but If-Match requires ${ifMatch.slice(0, 100)}; read them again and repeat the change if it still applies`,
  );
}

function settingsEtag({ settingsVersion }: PartitionState): string {
  return `"${settingsVersion}"`;
}
