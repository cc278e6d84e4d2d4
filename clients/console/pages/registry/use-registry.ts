import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../data/api.ts';

/** Both lists change only with a deployment. */
const STALE_MILLIS = 60_000;

export function useWorkers() {
  const api = useApi();
  return useQuery({
    queryKey: ['workers'],
    queryFn: ({ signal }) => api.workers({ signal }),
    staleTime: STALE_MILLIS,
  });
}

export function useSplitters() {
  const api = useApi();
  return useQuery({
    queryKey: ['splitters'],
    queryFn: ({ signal }) => api.splitters({ signal }),
    staleTime: STALE_MILLIS,
  });
}
