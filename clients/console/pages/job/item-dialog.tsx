import { useQuery } from '@tanstack/react-query';
import type { ItemDetail, JobHandle } from 'jobtree/client';
import { useState } from 'react';
import { Button } from '../../parts/button.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { formatCount, plural } from '../../parts/format.ts';
import { Icon } from '../../parts/icons.tsx';
import { CodeView, JsonView } from '../../parts/json-view.tsx';
import { ErrorBox, Skeleton } from '../../parts/states.tsx';
import { Chip } from '../../parts/status.tsx';
import { Time } from '../../parts/time.tsx';
import { useCan } from '../../session/session.tsx';
import { ItemParts } from './item-parts.tsx';
import { OutcomeChip } from './outcome-chip.tsx';
import { RetryDialog } from './retry-dialog.tsx';
import { jobKey } from './use-job.ts';

/** Requests that one search may send; each reads some thousand outcomes. */
const MAX_REQUESTS = 10;

interface ItemDialogProps {
  readonly handle: JobHandle;
  readonly id: string;
  readonly onClose: () => void;
}

export function ItemDialog({ handle, id, onClose }: ItemDialogProps) {
  const { data, error, isFetching, refetch } = useItem(handle, id);
  const [isRetrying, setRetrying] = useState(false);
  const canRetry = useCan('operator') && data?.outcome === 'failed';
  if (isRetrying && data !== undefined) {
    const scope = { text: `the item ${id}`, filter: { itemIds: [id] }, payload: payloadText(data) };
    return <RetryDialog handle={handle} scope={scope} onClose={() => setRetrying(false)} />;
  }
  return (
    <Dialog
      title={`Item ${id}`}
      onClose={onClose}
      isWide
      actions={
        <>
          <CopyButton text={id} label="Copy the id" />
          {canRetry ? (
            <Button icon="retry" onClick={() => setRetrying(true)}>
              Retry
            </Button>
          ) : null}
          <Button kind="primary" onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      {error === null ? null : <ErrorBox error={error} onRetry={() => refetch()} />}
      {data === undefined && error === null ? <Skeleton lines={4} height="row" /> : null}
      {data?.cursor === undefined ? null : (
        <NotFoundYet item={data} isBusy={isFetching} onContinue={() => refetch()} />
      )}
      {data === undefined || data.cursor !== undefined ? null : <ItemView item={data} handle={handle} />}
    </Dialog>
  );
}

/** Searches for the item. Each further call continues where the last one ended. */
function useItem(handle: JobHandle, id: string) {
  const [position] = useState<{ cursor: string | undefined }>({ cursor: undefined });
  return useQuery({
    queryKey: jobKey(handle, 'item', id),
    queryFn: async ({ signal }) => {
      let found = await handle.lookForItem(id, position.cursor, { signal });
      for (let requests = 1; requests < MAX_REQUESTS && found.cursor !== undefined; requests += 1)
        found = await handle.lookForItem(id, found.cursor, { signal });
      position.cursor = found.cursor;
      return found;
    },
  });
}

function NotFoundYet({
  item: { lookedAt = 0 },
  isBusy,
  onContinue,
}: {
  item: ItemDetail;
  isBusy: boolean;
  onContinue: () => void;
}) {
  return (
    <div className="note note-idle">
      <Icon name="search" />
      <span>
        Not among the first {plural(lookedAt, 'outcome')}.{' '}
        <Button icon="search" isBusy={isBusy} onClick={onContinue}>
          Search on
        </Button>
      </span>
    </div>
  );
}

function ItemView({ item, handle }: { item: ItemDetail; handle: JobHandle }) {
  const { outcome, path, nextAttemptAt, failure, note, output, parts = [] } = item;
  return (
    <>
      <p className="item-state">
        {outcome === undefined ? (
          <Chip tone="warn" icon="retry">
            being retried
          </Chip>
        ) : (
          <OutcomeChip outcome={outcome} />
        )}
        {path ? <span className="muted">task {path}</span> : null}
        {nextAttemptAt === undefined ? null : (
          <span className="muted">
            next attempt <Time at={nextAttemptAt} />
          </span>
        )}
      </p>
      {failure === undefined ? null : (
        <p className="note note-bad">
          <Icon name="failed" />
          <span>
            <code>{failure.code}</code> {failure.failureMessage}
          </span>
        </p>
      )}
      {note === undefined ? null : <p className="note">{note}</p>}
      <Attempts item={item} />
      <Payload item={item} />
      {output === undefined ? null : (
        <div className="field">
          <span className="field-label">Answer of the worker</span>
          <JsonView value={output} label="Answer" />
        </div>
      )}
      {failure?.stack === undefined ? null : (
        <div className="field">
          <span className="field-label">Stack</span>
          <CodeView text={failure.stack} label="Stack" />
        </div>
      )}
      {parts.length === 0 ? null : <ItemParts parts={parts} partition={handle.partition} />}
    </>
  );
}

function Attempts({ item: { attempts } }: { item: ItemDetail }) {
  if (attempts.length === 0) return null;
  return (
    <div className="field">
      <span className="field-label">Attempts ({formatCount(attempts.length)})</span>
      <ol className="attempts">
        {attempts.map(({ at, error }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the position is the number of the attempt
          <li key={index}>
            {at === undefined ? <span className="muted">time not recorded</span> : <Time at={at} both />}{' '}
            {error ?? 'succeeded'}
          </li>
        ))}
      </ol>
    </div>
  );
}

function Payload({ item }: { item: ItemDetail }) {
  const { payload, payloadUrl } = item;
  const text = payloadText(item);
  if (text === undefined) return null;
  return (
    <div className="field">
      <span className="field-label">Payload</span>
      <CodeView text={text} label="Payload" isJson />
      {payload === undefined && payloadUrl !== undefined ? (
        <a href={payloadUrl}>Download the whole payload</a>
      ) : null}
    </div>
  );
}

function payloadText({ payload, payloadExcerpt }: ItemDetail): string | undefined {
  return payload === undefined ? payloadExcerpt : JSON.stringify(payload, null, 2);
}
