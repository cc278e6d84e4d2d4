/** Reads and changes of documents. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useApi } from '../../data/api.ts';
import { useLiveOptions } from '../../data/live.tsx';
import type { JsonSchema } from '../../forms/json-schema.ts';
import { useClaims } from '../../session/session.tsx';
import { hasRole } from '../../session/token.ts';
import type { DocumentKind, Scope } from './kinds.ts';

const LIST_MILLIS = 15_000;

export function useDocumentList(kind: DocumentKind) {
  const api = useApi();
  return useQuery({
    queryKey: [kind.path, api.partitionId],
    queryFn: ({ signal }) => kind.collection(api, 'partition').list({ signal }),
    ...useLiveOptions(LIST_MILLIS),
  });
}

/** The document that jobs of the partition use: its own, or else the global one. */
export function useDocument(kind: DocumentKind, name: string) {
  const api = useApi();
  return useQuery({
    queryKey: [kind.path, api.partitionId, name, 'current'],
    queryFn: async ({ signal }) => {
      const found = await kind.collection(api, 'partition').getChanged(name, undefined, { signal });
      if (found === undefined) throw new Error(`the ${kind.noun} '${name}' could not be read`);
      return found;
    },
  });
}

export function useVersions(kind: DocumentKind, name: string, isEnabled: boolean) {
  const api = useApi();
  return useQuery({
    queryKey: [kind.path, api.partitionId, name, 'versions'],
    queryFn: () => kind.collection(api, 'partition').versions(name).toArray(),
    enabled: isEnabled,
  });
}

export interface SaveRequest {
  readonly name: string;
  readonly scope: Scope;
  readonly body: JsonSchema;
  /** ETag of the version that was edited, if the scope has one. */
  readonly ifMatch: string | undefined;
}

export function useSave(kind: DocumentKind) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ name, scope, body, ifMatch }: SaveRequest) =>
      kind.collection(api, scope).put(name, body, { ifMatch }),
    onSuccess: () => queries.invalidateQueries({ queryKey: [kind.path] }),
  });
}

export function useDelete(kind: DocumentKind) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ name, scope }: { name: string; scope: Scope }) =>
      kind.collection(api, scope).delete(name, {}),
    onSuccess: () => queries.invalidateQueries({ queryKey: [kind.path] }),
  });
}

/** Returns the scopes that the role may change. */
export function useScopes(): readonly Scope[] {
  const { role, partitions } = useClaims();
  if (!hasRole(role, 'admin')) return [];
  return partitions.includes('*') ? ['partition', 'global'] : ['partition'];
}
