import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';
import { shownError } from '../data/errors.ts';
import { IconButton } from './button.tsx';
import { Icon } from './icons.tsx';

interface Toast {
  readonly id: number;
  readonly tone: 'ok' | 'bad';
  readonly content: ReactNode;
}

interface Toasts {
  say(content: ReactNode): void;
  fail(error: unknown): void;
}

const ToastsContext = createContext<Toasts | undefined>(undefined);
const SHOWN_MILLIS = 6_000;
let lastId = 0;

export function ToastsProvider({ children }: { children: ReactNode }) {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const close = useCallback((id: number) => setToasts((now) => now.filter((toast) => toast.id !== id)), []);
  const show = useCallback(
    (tone: Toast['tone'], content: ReactNode) => {
      lastId += 1;
      const id = lastId;
      setToasts((now) => [...now.slice(-3), { id, tone, content }]);
      // An error stays until it is closed, because its request id may be needed.
      if (tone === 'ok') setTimeout(() => close(id), SHOWN_MILLIS);
    },
    [close],
  );
  const value = useMemo<Toasts>(
    () => ({
      say: (content) => show('ok', content),
      fail: (error) => show('bad', <ErrorText error={error} />),
    }),
    [show],
  );
  return (
    <ToastsContext value={value}>
      {children}
      <div className="toasts" role="status" aria-live="polite">
        {toasts.map(({ id, tone, content }) => (
          <div key={id} className={`toast toast-${tone}`}>
            <Icon name={tone === 'ok' ? 'check' : 'warning'} />
            <div className="toast-text">{content}</div>
            <IconButton icon="close" label="Close the message" onClick={() => close(id)} />
          </div>
        ))}
      </div>
    </ToastsContext>
  );
}

export function useToasts(): Toasts {
  const toasts = useContext(ToastsContext);
  if (toasts === undefined) throw new Error('this part is outside of the messages');
  return toasts;
}

/** An error as a sentence, with its parts and the id of the request. */
export function ErrorText({ error }: { error: unknown }) {
  const { text, parts, requestId } = shownError(error);
  return (
    <>
      <p>{text}</p>
      {parts.length === 0 ? null : (
        <ul>
          {parts.map((part) => (
            <li key={part}>{part}</li>
          ))}
        </ul>
      )}
      {requestId === undefined ? null : (
        <p className="muted">
          Request <code>{requestId}</code>
        </p>
      )}
    </>
  );
}
