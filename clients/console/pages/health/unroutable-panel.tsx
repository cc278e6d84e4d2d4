import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { UnroutableMessage, UnroutableMessagesResult } from 'jobtree/client';
import { useState } from 'react';
import { useApi } from '../../data/api.ts';
import { ConfirmDialog } from '../../parts/dialog.tsx';
import { plural } from '../../parts/format.ts';
import { Icon } from '../../parts/icons.tsx';
import { Panel } from '../../parts/page.tsx';
import { ErrorBox, Skeleton } from '../../parts/states.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { UnroutableItem } from './unroutable-item.tsx';
import { UNROUTABLE_KEY, useCanReadMessages, useUnroutable } from './use-unroutable.ts';

export function UnroutablePanel() {
  if (useCanReadMessages()) return <Messages />;
  return (
    <Panel title="Unroutable messages">
      <p className="note note-idle">
        <Icon name="blocked" />
        <span>Messages belong to all partitions. Only an admin of all partitions can read them.</span>
      </p>
    </Panel>
  );
}

function Messages() {
  const api = useApi();
  const list = useUnroutable();
  const [toDelete, setToDelete] = useState<UnroutableMessage>();
  const redrive = useAction((ids) => api.redriveUnroutable(ids), 'sent again');
  const remove = useAction((ids) => api.deleteUnroutable(ids), 'deleted');
  const { data, error, isPending } = list;
  return (
    <Panel title="Unroutable messages">
      {error !== null && data === undefined ? (
        <ErrorBox error={error} onRetry={() => list.refetch()} />
      ) : null}
      {isPending ? <Skeleton lines={2} height="row" /> : null}
      {data?.length === 0 ? (
        <p className="muted">There are none. Each message was accepted by a handler.</p>
      ) : null}
      {data === undefined || data.length === 0 ? null : (
        <ul className="unroutable">
          {data.map((message) => (
            <UnroutableItem
              key={message.id}
              message={message}
              isBusy={redrive.isPending || remove.isPending}
              onRedrive={() => redrive.mutate([message.id])}
              onDelete={() => setToDelete(message)}
            />
          ))}
        </ul>
      )}
      {toDelete === undefined ? null : (
        <ConfirmDialog
          title="Delete this message?"
          action="Delete the message"
          isDangerous
          isBusy={remove.isPending}
          onClose={() => setToDelete(undefined)}
          onConfirm={() => remove.mutate([toDelete.id], { onSettled: () => setToDelete(undefined) })}
        >
          It cannot be restored. If a job still waits for it, the job does not continue.
        </ConfirmDialog>
      )}
    </Panel>
  );
}

/** `done` is the participle of the action. */
function useAction(act: (ids: readonly string[]) => Promise<UnroutableMessagesResult>, done: string) {
  const toasts = useToasts();
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: (result) => {
      if (result.done.length > 0) toasts.say(`${plural(result.done.length, 'message')} ${done}`);
      for (const { reason } of result.kept) toasts.fail(new Error(`The message was not ${done}: ${reason}.`));
    },
    onError: (error) => toasts.fail(error),
    onSettled: () => client.invalidateQueries({ queryKey: UNROUTABLE_KEY }),
  });
}
