import { useMemo, useState } from 'react';
import { usePartition } from '../../data/route.ts';
import type { VerbEntry } from './bulk-action.ts';
import type { BulkScope } from './bulk-scope.ts';

const NONE: ReadonlySet<string> = new Set();

export type Selection = ReturnType<typeof useSelection>;

/** The selected jobs or all that match, and the action to confirm. */
export function useSelection(filter: string | undefined) {
  const partition = usePartition();
  const [selected, setSelected] = useState(NONE);
  const [isAll, setAll] = useState(false);
  const [verb, setVerb] = useState<VerbEntry>();
  const scope: BulkScope | undefined = isAll
    ? filter === undefined
      ? { kind: 'partition', partition }
      : { kind: 'filter', filter }
    : selected.size === 0
      ? undefined
      : { kind: 'selected', ids: [...selected] };
  const actions = useMemo(
    () => ({
      select: (ids: readonly string[], isSelected: boolean) => {
        setAll(false);
        setSelected(
          (now) => new Set(isSelected ? [...now, ...ids] : [...now].filter((id) => !ids.includes(id))),
        );
      },
      selectAll: () => setAll(true),
      clear: () => {
        setSelected(NONE);
        setAll(false);
        setVerb(undefined);
      },
      begin: setVerb,
      end: () => setVerb(undefined),
    }),
    [],
  );
  return { selected, scope, verb, ...actions };
}
