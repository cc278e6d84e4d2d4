import { useMutation } from '@tanstack/react-query';
import { isFinal, type Job, type JobHandle } from 'jobtree/client';
import { type ReactNode, useState } from 'react';
import { useLocation } from 'wouter';
import { pagePath } from '../../addresses.ts';
import { Button, ButtonRow } from '../../parts/button.tsx';
import { ConfirmDialog } from '../../parts/dialog.tsx';
import { formatCount, plural } from '../../parts/format.ts';
import { useToasts } from '../../parts/toasts.tsx';
import { useCan } from '../../session/session.tsx';
import { EditDialog } from './edit-dialog.tsx';
import { RetryDialog } from './retry-dialog.tsx';
import { useJobRefresh } from './use-job.ts';

type Asked = 'cancel' | 'delete' | 'retry' | 'edit';

interface JobActionsProps {
  readonly job: Job;
  readonly handle: JobHandle;
}

/** The buttons that the role and the status allow. */
export function JobActions({ job, handle }: JobActionsProps) {
  const canAct = useCan('operator');
  const [asked, setAsked] = useState<Asked>();
  const { act, isBusy } = useJobAction(handle);
  if (!canAct) return null;
  const { links, status, items } = job;
  const hasFailures = (status === 'Completed' || status === 'Failed') && items.failed > 0;
  const close = () => setAsked(undefined);
  return (
    <div className="page-actions">
      <ButtonRow>
        {'pause' in links ? (
          <Button
            icon="pause"
            isBusy={isBusy}
            onClick={() => act({ run: () => handle.pause(), done: 'Paused' })}
          >
            Pause
          </Button>
        ) : null}
        {'resume' in links ? (
          <Button
            icon="play"
            kind="primary"
            isBusy={isBusy}
            onClick={() => act({ run: () => handle.resume(), done: 'Resumed' })}
          >
            Resume
          </Button>
        ) : null}
        {hasFailures ? (
          <Button icon="retry" kind="primary" onClick={() => setAsked('retry')}>
            Retry {formatCount(items.failed)} failed
          </Button>
        ) : null}
        {isFinal(status) ? <ResubmitButton handle={handle} /> : null}
        <Button icon="edit" onClick={() => setAsked('edit')}>
          Edit
        </Button>
        {'cancel' in links ? (
          <Button icon="stop" kind="danger" onClick={() => setAsked('cancel')}>
            Cancel
          </Button>
        ) : (
          <Button icon="trash" kind="danger" onClick={() => setAsked('delete')}>
            Delete
          </Button>
        )}
      </ButtonRow>
      {asked === 'cancel' ? (
        <CancelDialog
          job={job}
          isBusy={isBusy}
          onClose={close}
          onConfirm={() => act({ run: () => handle.cancel(), done: 'Cancelled' }).then(close)}
        />
      ) : null}
      {asked === 'delete' ? <DeleteDialog job={job} handle={handle} onClose={close} /> : null}
      {asked === 'retry' ? (
        <RetryDialog
          handle={handle}
          scope={{ text: plural(items.failed, 'failed item'), filter: {} }}
          onClose={close}
        />
      ) : null}
      {asked === 'edit' ? <EditDialog job={job} handle={handle} onClose={close} /> : null}
    </div>
  );
}

interface Action {
  readonly run: () => Promise<unknown>;
  readonly done: ReactNode;
}

function useJobAction(handle: JobHandle) {
  const toasts = useToasts();
  const refresh = useJobRefresh(handle);
  const { mutateAsync, isPending } = useMutation({
    mutationFn: ({ run }: Action) => run(),
    onSuccess: (_, { done }) => toasts.say(done),
    onError: toasts.fail,
    onSettled: refresh,
  });
  const act = (action: Action) => mutateAsync(action).catch(() => undefined);
  return { act, isBusy: isPending };
}

function ResubmitButton({ handle }: { handle: JobHandle }) {
  const [, navigate] = useLocation();
  const { act, isBusy } = useJobAction(handle);
  const resubmit = async () => {
    const { id } = await handle.resubmit();
    navigate(pagePath(handle.partition, 'jobs', id));
  };
  return (
    <Button
      icon="resubmit"
      isBusy={isBusy}
      onClick={() => act({ run: resubmit, done: 'A new job runs the same request' })}
    >
      Resubmit
    </Button>
  );
}

interface AskProps {
  readonly job: Job;
  readonly isBusy: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

function CancelDialog({ job: { id, items }, isBusy, onConfirm, onClose }: AskProps) {
  const left = Math.max(0, items.found - items.succeeded - items.failed - items.skipped);
  return (
    <ConfirmDialog
      title={`Cancel ${id}?`}
      action="Cancel the job"
      isDangerous
      isBusy={isBusy}
      onConfirm={onConfirm}
      onClose={onClose}
    >
      <p>
        {left === 0 ? 'Its work stops.' : `Its work stops; ${plural(left, 'item')} will not be processed.`}{' '}
        Results so far are kept.
      </p>
    </ConfirmDialog>
  );
}

function DeleteDialog({
  job: { id },
  handle,
  onClose,
}: {
  job: Job;
  handle: JobHandle;
  onClose: () => void;
}) {
  const [, navigate] = useLocation();
  const { act, isBusy } = useJobAction(handle);
  const remove = async () => {
    await handle.delete();
    navigate(pagePath(handle.partition, 'jobs'));
  };
  return (
    <ConfirmDialog
      title={`Delete ${id}?`}
      action="Delete the job"
      isDangerous
      isBusy={isBusy}
      onConfirm={() => void act({ run: remove, done: `${id} deleted` })}
      onClose={onClose}
    >
      <p>The job, its items, its failures and its result files are removed. This cannot be undone.</p>
    </ConfirmDialog>
  );
}
