import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../data/api.ts';
import { useLiveOptions } from '../../data/live.tsx';
import { useClaims } from '../../session/session.tsx';

export const UNROUTABLE_KEY = ['unroutable'];
/** A read hides the messages for a moment from other readers, so it is not done more often. */
const LIVE_MILLIS = 30_000;

/** Messages belong to all partitions, so only an admin of all partitions can read them. */
export function useCanReadMessages(): boolean {
  const { partitions, role } = useClaims();
  return role === 'admin' && partitions.includes('*');
}

export function useUnroutable() {
  const api = useApi();
  return useQuery({
    queryKey: UNROUTABLE_KEY,
    queryFn: ({ signal }) => api.unroutableMessages({ signal }),
    enabled: useCanReadMessages(),
    ...useLiveOptions(LIVE_MILLIS),
  });
}
