import { useMutation } from '@tanstack/react-query';
import type { JobHandle, Retried, RetryRequest } from 'jobtree/client';
import { useState } from 'react';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { plural } from '../../parts/format.ts';
import { JsonField } from '../../parts/json-field.tsx';
import { type JsonText, parsedObject } from '../../parts/json-text.ts';
import { CodeView } from '../../parts/json-view.tsx';
import { ErrorBox } from '../../parts/states.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { useJobRefresh } from './use-job.ts';

export interface RetryScope {
  /** The items in words, such as "12 failed items with the code http-404". */
  readonly text: string;
  readonly filter: NonNullable<RetryRequest['filter']>;
  /** Payload of one of the items, as an example for the patch. */
  readonly payload?: string | undefined;
}

function resultOf({ itemsRetried, failedDependents = [] }: Retried, areRestarted: boolean): string {
  const items = `${plural(itemsRetried, 'item')} run again`;
  if (failedDependents.length === 0) return items;
  const jobs = failedDependents.join(', ');
  return areRestarted ? `${items}, and so do ${jobs}` : `${items}. Failed because of this job: ${jobs}`;
}

interface RetryDialogProps {
  readonly handle: JobHandle;
  readonly scope: RetryScope;
  readonly onClose: () => void;
}

/** Runs failed items again, with a change of their payload if wished. */
export function RetryDialog({ handle, scope, onClose }: RetryDialogProps) {
  const [patch, setPatch] = useState('');
  const [hasPatch, setHasPatch] = useState(false);
  const [restartDependents, setRestartDependents] = useState(false);
  const toasts = useToasts();
  const refresh = useJobRefresh(handle);
  const parsed: JsonText = hasPatch ? parsedObject(patch) : { value: undefined };
  const retry = useMutation({
    mutationFn: (request: RetryRequest) => handle.retry(request),
    onSuccess: (retried) => {
      toasts.say(resultOf(retried, restartDependents));
      onClose();
    },
    onSettled: refresh,
  });
  const submit = () => {
    if ('problem' in parsed) return;
    const { value } = parsed;
    const patched = value === undefined ? {} : { patch: value };
    retry.mutate({ filter: scope.filter, ...patched, ...(restartDependents ? { restartDependents } : {}) });
  };
  return (
    <Dialog
      title={`Retry ${scope.text}`}
      onClose={onClose}
      onSubmit={submit}
      isWide={hasPatch}
      actions={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button submits kind="primary" icon="retry" isBusy={retry.isPending} disabled={'problem' in parsed}>
            Retry
          </Button>
        </>
      }
    >
      <p>A new run of the job starts with these items. What has succeeded is kept.</p>
      <label className="check">
        <input type="checkbox" checked={hasPatch} onChange={(event) => setHasPatch(event.target.checked)} />
        Change their payload first
      </label>
      {hasPatch ? (
        <>
          <JsonField
            label="Patch (JSON merge patch)"
            text={patch}
            onChange={setPatch}
            problem={'problem' in parsed ? parsed.problem : undefined}
            placeholder='{ "dpi": 150 }'
          />
          {scope.payload === undefined ? null : (
            <div className="field">
              <span className="field-label">Payload of one of them</span>
              <CodeView text={scope.payload} label="Payload" isJson />
            </div>
          )}
        </>
      ) : null}
      <label className="check">
        <input
          type="checkbox"
          checked={restartDependents}
          onChange={(event) => setRestartDependents(event.target.checked)}
        />
        Also start the jobs again that failed because of this one
      </label>
      {retry.isError ? <ErrorBox error={retry.error} /> : null}
    </Dialog>
  );
}
