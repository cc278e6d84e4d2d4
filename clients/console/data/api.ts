import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { Jobtree, JobtreeError } from 'jobtree/client';
import { createContext, useContext, useMemo } from 'react';
import { API_URL } from '../addresses.ts';
import { shownError } from './errors.ts';
import { usePartition } from './route.ts';

export function clientOf(token: string): Jobtree {
  return new Jobtree({ url: API_URL, token, retries: 2 });
}

/** The client of the signed-in person. */
export const ApiContext = createContext<Jobtree | undefined>(undefined);

export function useJobtree(): Jobtree {
  const client = useContext(ApiContext);
  if (client === undefined) throw new Error('this part is outside the signed-in pages');
  return client;
}

/** Returns the client for the partition of the address. */
export function useApi(): Jobtree {
  const client = useJobtree();
  const partition = usePartition();
  return useMemo(() => client.partition(partition), [client, partition]);
}

/** `onRefused` is called when the API does not accept the token any more. */
export function newQueryClient(onRefused: (reason: string) => void): QueryClient {
  const checkToken = (error: unknown) => {
    if (error instanceof JobtreeError && error.status === 401) onRefused(shownError(error).text);
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError: checkToken }),
    mutationCache: new MutationCache({ onError: checkToken }),
    defaultOptions: {
      // The client repeats requests itself. Old data stays on the page while new data arrives.
      queries: { retry: false, staleTime: 1_000, gcTime: 300_000 },
      mutations: { retry: false },
    },
  });
}
