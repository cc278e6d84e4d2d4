import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../data/api.ts';
import { useLiveOptions } from '../../data/live.tsx';

const REFRESH_MILLIS = 10_000;

/** The settings of the partition, which only an admin may read. */
export function useSettings() {
  const api = useApi();
  return useQuery({
    queryKey: ['settings', api.partitionId],
    queryFn: ({ signal }) => api.settings({ signal }),
    ...useLiveOptions(REFRESH_MILLIS),
  });
}
