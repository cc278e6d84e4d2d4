import { useQuery } from '@tanstack/react-query';
import { useApi } from './api.ts';
import { useLiveOptions } from './live.tsx';

/** The API reads the queues at most this often. */
const LIVE_MILLIS = 10_000;

export function useQueues() {
  const api = useApi();
  return useQuery({
    queryKey: ['queues'],
    queryFn: ({ signal }) => api.queues({ signal }),
    ...useLiveOptions(LIVE_MILLIS),
  });
}
