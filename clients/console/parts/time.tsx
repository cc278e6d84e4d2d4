import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { formatDuration, formatRelative, formatTime } from './format.ts';

const NowContext = createContext(Date.now());
const TICK_MILLIS = 5_000;

/** One clock for all relative times of the page. It stops in a hidden tab. */
export function NowProvider({ children }: { children: ReactNode }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const tick = () => {
      if (!document.hidden) setNow(Date.now());
    };
    const timer = setInterval(tick, TICK_MILLIS);
    addEventListener('visibilitychange', tick);
    return () => {
      clearInterval(timer);
      removeEventListener('visibilitychange', tick);
    };
  }, []);
  return <NowContext value={now}>{children}</NowContext>;
}

export function useNow(): number {
  return useContext(NowContext);
}

/** A relative time; the tooltip has the absolute one. `both` shows both. */
export function Time({ at, both = false }: { at: number; both?: boolean }) {
  const now = useNow();
  const relative = formatRelative(at, now);
  const absolute = formatTime(at);
  return (
    <time dateTime={new Date(at).toISOString()} title={both ? undefined : absolute}>
      {both ? (
        <>
          {absolute} <span className="muted">({relative})</span>
        </>
      ) : (
        relative
      )}
    </time>
  );
}

/** Time from `from` to `to`, or until now. */
export function Duration({ from, to }: { from: number; to?: number | undefined }) {
  const now = useNow();
  return <>{formatDuration(Math.max(0, (to ?? now) - from))}</>;
}

/** Time until an estimated end, without the word "in". */
export function TimeLeft({ until }: { until: number }) {
  const now = useNow();
  return (
    <span title={formatTime(until)}>
      {formatDuration(Math.max(0, Math.round((until - now) / 1000) * 1000))}
    </span>
  );
}
