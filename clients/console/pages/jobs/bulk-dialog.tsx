import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { useApi } from '../../data/api.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { formatCount, plural } from '../../parts/format.ts';
import { ErrorBox } from '../../parts/states.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { actOnAll, countAffected, type VerbEntry } from './bulk-action.ts';
import { type BulkScope, criteriaOf, scopeText } from './bulk-scope.ts';

interface BulkDialogProps {
  readonly scope: BulkScope;
  readonly verb: VerbEntry;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Asks back with the number of jobs that would change, then shows the progress. */
export function BulkDialog({ scope, verb, onClose, onDone }: BulkDialogProps) {
  const { affected, action, changed } = useBulkAction({ scope, verb, onDone });
  const [typed, setTyped] = useState('');
  const needsName = scope.kind === 'partition';
  const count = affected.data ?? 0;
  const canAct = affected.isSuccess && count > 0 && (!needsName || typed === scope.partition);
  const isRunning = action.isPending;
  return (
    <Dialog
      title={`${verb.label} ${scopeText(scope)}`}
      onClose={onClose}
      onSubmit={() => {
        if (canAct && !isRunning) action.mutate();
      }}
      actions={
        <>
          <Button onClick={onClose}>{isRunning ? 'Close; it continues' : 'Change nothing'}</Button>
          <Button
            submits
            kind={verb.verb === 'delete' || verb.verb === 'cancel' ? 'danger' : 'primary'}
            isBusy={isRunning}
            disabled={!canAct}
          >
            {affected.isSuccess ? `${verb.label} ${plural(count, 'job')}` : 'Counting'}
          </Button>
        </>
      }
    >
      {scope.kind === 'filter' ? <code className="bulk-filter">{scope.filter}</code> : null}
      <p>{verb.help}</p>
      {affected.isError ? <ErrorBox error={affected.error} onRetry={() => affected.refetch()} /> : null}
      {action.isError ? <ErrorBox error={action.error} /> : null}
      <p className="bulk-count" aria-live="polite">
        {isRunning ? (
          <>
            <progress max={count} value={Math.min(changed, count)} aria-label="Jobs changed" />{' '}
            {formatCount(changed)} of {formatCount(count)} jobs
          </>
        ) : affected.isSuccess ? (
          <strong>{count === 0 ? 'No job would change.' : `${plural(count, 'job')} would change.`}</strong>
        ) : (
          <span className="muted">Counting the jobs that would change</span>
        )}
      </p>
      {needsName ? <NameField partition={scope.partition} typed={typed} onType={setTyped} /> : null}
    </Dialog>
  );
}

function useBulkAction({ scope, verb, onDone }: Pick<BulkDialogProps, 'scope' | 'verb' | 'onDone'>) {
  const api = useApi();
  const queries = useQueryClient();
  const toasts = useToasts();
  const [changed, setChanged] = useState(0);
  const criteria = useMemo(() => criteriaOf(scope), [scope]);
  const affected = useQuery({
    queryKey: ['bulk-count', api.partitionId, verb.verb, criteria],
    queryFn: ({ signal }) => countAffected(api, verb.verb, criteria, signal),
    gcTime: 0,
  });
  const action = useMutation({
    mutationFn: () => actOnAll(api, verb.verb, criteria, setChanged),
    onSuccess: (jobs) => {
      toasts.say(`${plural(jobs, 'job')} ${verb.done}`);
      onDone();
    },
    onSettled: () =>
      queries.invalidateQueries({
        predicate: ({ queryKey: [name] }) => name === 'jobs' || name === 'job-count',
      }),
  });
  return { affected, action, changed };
}

function NameField({
  partition,
  typed,
  onType,
}: {
  partition: string;
  typed: string;
  onType: (text: string) => void;
}) {
  return (
    <div className="field">
      <label htmlFor="bulk-name">
        Type <code>{partition}</code> to act on the whole partition
      </label>
      <input
        id="bulk-name"
        value={typed}
        autoComplete="off"
        onChange={(event) => onType(event.target.value)}
      />
    </div>
  );
}
