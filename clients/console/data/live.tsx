/** Live updates: on or off for all pages, and paused while the tab is hidden. */
import { createContext, type ReactNode, useContext, useState } from 'react';

interface Live {
  readonly isOn: boolean;
  toggle(): void;
}

const LiveContext = createContext<Live>({ isOn: true, toggle: () => undefined });
const STORAGE_KEY = 'jobtree.live';

export function LiveProvider({ children }: { children: ReactNode }) {
  const [isOn, setOn] = useState(() => localStorage.getItem(STORAGE_KEY) !== 'off');
  const toggle = () => {
    localStorage.setItem(STORAGE_KEY, isOn ? 'off' : 'on');
    setOn(!isOn);
  };
  return <LiveContext value={{ isOn, toggle }}>{children}</LiveContext>;
}

export function useLive(): Live {
  return useContext(LiveContext);
}

/**
 * Returns options of `useQuery` for data that changes: it is read again after `millis` while live updates are
 * on and the tab is visible. Pass `false` for data that cannot change any more.
 */
export function useLiveOptions(millis: number | false) {
  const { isOn } = useLive();
  return { refetchInterval: isOn ? millis : false, refetchIntervalInBackground: false } as const;
}
