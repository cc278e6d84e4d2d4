import { Button } from '../../parts/button.tsx';
import { formatCount, plural } from '../../parts/format.ts';
import type { IconName } from '../../parts/icons.tsx';
import { VERBS, type VerbEntry } from './bulk-action.ts';
import type { BulkScope } from './bulk-scope.ts';

const ICONS = {
  cancel: 'stop',
  pause: 'pause',
  resume: 'play',
  retry: 'retry',
  delete: 'trash',
} as const satisfies Record<VerbEntry['verb'], IconName>;
const LABELS = {
  cancel: 'Cancel',
  pause: 'Pause',
  resume: 'Resume',
  retry: 'Retry',
  delete: 'Delete',
} as const;

interface BulkBarProps {
  readonly scope: BulkScope;
  readonly total: number | undefined;
  readonly onAct: (verb: VerbEntry) => void;
  readonly onClear: () => void;
  /** Widens the scope from the selected jobs to all that match. */
  readonly onAll: () => void;
}

/** Names the jobs of the action before its buttons. */
export function BulkBar({ scope, total, onAct, onClear, onAll }: BulkBarProps) {
  const all = total === undefined ? 'all' : `all ${formatCount(total)}`;
  return (
    <section className="bulk-bar" aria-label="Actions on several jobs">
      <strong>{shownScope(scope, all)}</strong>
      {scope.kind === 'selected' ? (
        <button type="button" className="bulk-all" onClick={onAll}>
          Select {all} that match
        </button>
      ) : null}
      <span className="button-row">
        {VERBS.map((verb) => (
          <Button
            key={verb.verb}
            icon={ICONS[verb.verb]}
            kind={verb.verb === 'delete' ? 'danger' : 'plain'}
            onClick={() => onAct(verb)}
          >
            {LABELS[verb.verb]}
          </Button>
        ))}
        <Button kind="quiet" icon="close" onClick={onClear}>
          Clear
        </Button>
      </span>
    </section>
  );
}

function shownScope(scope: BulkScope, all: string): string {
  if (scope.kind === 'selected') return `${plural(scope.ids.length, 'job')} selected`;
  if (scope.kind === 'filter') return `${capitalized(all)} jobs that match the filter`;
  return `${capitalized(all)} jobs of the partition ${scope.partition}`;
}

function capitalized(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
