import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../data/api.ts';
import type { JsonObject as Request } from '../../forms/draft.ts';
import { textAt, workKindOf } from './work-kind.ts';

/** Lists change only when someone deploys or edits. */
const STALE_MILLIS = 60_000;

/** Reads what a request can name, and the template or job type that it names. */
export function useCatalog(request: Request) {
  const api = useApi();
  const { partitionId } = api;
  const kind = workKindOf(request);
  const name = kind === undefined || kind === 'batch' ? '' : textAt(request, kind);
  const splitters = useQuery({
    queryKey: ['splitters'],
    queryFn: ({ signal }) => api.splitters({ signal }),
    staleTime: STALE_MILLIS,
  });
  const workers = useQuery({
    queryKey: ['workers'],
    queryFn: ({ signal }) => api.workers({ signal }),
    staleTime: STALE_MILLIS,
  });
  const templates = useQuery({
    queryKey: ['templates', partitionId],
    queryFn: ({ signal }) => api.templates.list({ signal }),
    enabled: kind === 'template',
  });
  const jobTypes = useQuery({
    queryKey: ['job-types', partitionId],
    queryFn: ({ signal }) => api.jobTypes.list({ signal }),
    enabled: kind === 'type',
  });
  const list = kind === 'template' ? templates.data : jobTypes.data;
  const isKnown = list?.some((one) => one.name === name) ?? false;
  const template = useQuery({
    queryKey: ['templates', partitionId, name],
    queryFn: ({ signal }) => api.templates.get(name, { signal }),
    enabled: kind === 'template' && isKnown,
  });
  const jobType = useQuery({
    queryKey: ['job-types', partitionId, name],
    queryFn: ({ signal }) => api.jobTypes.get(name, { signal }),
    enabled: kind === 'type' && isKnown,
  });
  return { splitters, workers, templates, jobTypes, template, jobType };
}

export type CatalogQueries = ReturnType<typeof useCatalog>;
