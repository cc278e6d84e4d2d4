import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../data/api.ts';
import { useLiveOptions } from '../../data/live.tsx';

const REFRESH_MILLIS = 30_000;

/** The work of the last hours. Two parts of the page with the same period share one request. */
export function useActivity(hours: number) {
  const api = useApi();
  return useQuery({
    queryKey: ['activity', api.partitionId, hours],
    queryFn: ({ signal }) => api.activity({ hours, signal }),
    ...useLiveOptions(REFRESH_MILLIS),
  });
}
