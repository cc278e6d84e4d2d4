/** How the settings of a partition are shown and compared. */
import type { PartitionView } from '#contract/partition.ts';
import { refusal } from '#contract/problem.ts';
import type { PartitionState } from '../store/partitions.ts';
import { isKnown } from './etag.ts';
import type { ApiResponse } from './request.ts';

export function shownPartition(partition: string, state: PartitionState): ApiResponse<PartitionView> {
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
export function checkSettings(ifMatch: string | undefined, partition: string, state: PartitionState): void {
  if (ifMatch === undefined || isKnown(ifMatch, settingsEtag(state))) return;
  throw refusal(
    'precondition-failed',
    `the settings of partition '${partition}' have version ${state.settingsVersion}, If-Match asks for ${ifMatch.slice(0, 100)}; read them again and decide anew`,
  );
}

function settingsEtag({ settingsVersion }: PartitionState): string {
  return `"${settingsVersion}"`;
}
