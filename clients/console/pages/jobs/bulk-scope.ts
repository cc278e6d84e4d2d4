/** The jobs of a bulk action, in words and as criteria of the API. */
import { type BulkCriteria, quoted } from 'jobtree/client';
import { plural } from '../../parts/format.ts';

export type BulkScope =
  | { readonly kind: 'selected'; readonly ids: readonly string[] }
  | { readonly kind: 'filter'; readonly filter: string }
  | { readonly kind: 'partition'; readonly partition: string };

/** The API accepts filters of up to 4,096 characters. */
const MAX_FILTER = 3_500;

export function scopeText(scope: BulkScope): string {
  if (scope.kind === 'selected') return plural(scope.ids.length, 'selected job');
  if (scope.kind === 'filter') return 'every job that matches the filter';
  return `every job of the partition ${scope.partition}`;
}

/** Several criteria if the ids of the selected jobs do not fit into one filter. */
export function criteriaOf(scope: BulkScope): BulkCriteria[] {
  if (scope.kind === 'partition') return [{ all: true }];
  if (scope.kind === 'filter') return [{ filter: scope.filter }];
  const groups: string[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const id of scope.ids.map(quoted)) {
    if (size + id.length + 1 > MAX_FILTER) {
      groups.push([]);
      size = 0;
    }
    groups.at(-1)?.push(id);
    size += id.length + 1;
  }
  return groups.map((ids) => ({ filter: `id=in=(${ids.join(',')})` }));
}
