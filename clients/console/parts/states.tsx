/** The states of data that is not there: loading, empty, failed. */
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { CopyButton } from './copy-button.tsx';
import { Icon } from './icons.tsx';
import { ErrorText } from './toasts.tsx';

/** Grey lines instead of text, so that nothing moves when the text arrives. */
export function Skeleton({ lines = 1, height }: { lines?: number; height?: 'row' | 'block' }) {
  return (
    <div className={`skeletons skeletons-${height ?? 'line'}`} aria-hidden="true">
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all the same
        <span key={line} className="skeleton" />
      ))}
    </div>
  );
}

/** The reason why a list is empty, and the command that fills it. */
export function Empty({
  title,
  children,
  command,
}: {
  title: string;
  children?: ReactNode;
  command?: string;
}) {
  return (
    <div className="empty">
      <h3>{title}</h3>
      {children === undefined ? null : <p>{children}</p>}
      {command === undefined ? null : (
        <div className="command">
          <code>{command}</code>
          <CopyButton text={command} label="Copy the command" isIcon />
        </div>
      )}
    </div>
  );
}

export function ErrorBox({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  return (
    <div className="error-box" role="alert">
      <Icon name="warning" />
      <div>
        <ErrorText error={error} />
        {onRetry === undefined ? null : (
          <Button icon="retry" onClick={onRetry}>
            Try again
          </Button>
        )}
      </div>
    </div>
  );
}
