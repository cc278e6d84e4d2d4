import type { UnroutableMessage } from 'jobtree/client';
import { Link } from 'wouter';
import { pagePath } from '../../addresses.ts';
import { Button, ButtonRow } from '../../parts/button.tsx';
import { formatBytes } from '../../parts/format.ts';
import { CodeView } from '../../parts/json-view.tsx';
import { Time } from '../../parts/time.tsx';

interface UnroutableItemProps {
  readonly message: UnroutableMessage;
  readonly isBusy: boolean;
  readonly onRedrive: () => void;
  readonly onDelete: () => void;
}

/** One message: reason, origin, body, and what can be done with it. */
export function UnroutableItem({ message, isBusy, onRedrive, onDelete }: UnroutableItemProps) {
  const { reason, time, queue, kind, partition, job, body, sizeBytes } = message;
  return (
    <li>
      <strong className="unroutable-reason">{reason}</strong>
      <span className="unroutable-facts">
        <Time at={time} />
        <span>{kind === undefined ? 'unknown kind' : `kind ${kind}`}</span>
        {queue === undefined ? null : <span>from {queue}</span>}
        {partition === undefined || job === undefined ? null : (
          <span>
            job <Link href={pagePath(partition, 'jobs', job)}>{job}</Link> of {partition}
          </span>
        )}
      </span>
      <details>
        <summary>Message ({formatBytes(sizeBytes)})</summary>
        <CodeView text={body} label="Message" isJson />
      </details>
      <ButtonRow>
        {queue === undefined ? null : (
          <Button icon="retry" disabled={isBusy} onClick={onRedrive}>
            Send again
          </Button>
        )}
        <Button icon="trash" kind="danger" disabled={isBusy} onClick={onDelete}>
          Delete
        </Button>
        {queue === undefined ? (
          <span className="muted">
            It cannot be sent again.{job === undefined ? null : ' Retry its job instead.'}
          </span>
        ) : null}
      </ButtonRow>
    </li>
  );
}
