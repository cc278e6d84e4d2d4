import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../../data/api.ts';
import type { DraftState } from '../../forms/draft.ts';
import { useToasts } from '../../parts/toasts.tsx';

const MAX_SHOWN = 20;

/** Fills the form with the request of an earlier job. */
export function EarlierJob({ draft }: { draft: DraftState }) {
  const api = useApi();
  const queries = useQueryClient();
  const toasts = useToasts();
  const [isReading, setReading] = useState(false);
  const jobs = useQuery({
    queryKey: ['jobs', api.partitionId, 'earlier'],
    queryFn: async ({ signal }) =>
      (await api.jobs({ pageSize: MAX_SHOWN }).page(undefined, { signal })).entries,
  });
  const fill = async (id: string) => {
    setReading(true);
    try {
      const request = await queries.fetchQuery({
        queryKey: ['job-request', api.partitionId, id],
        queryFn: ({ signal }) => api.job(id).request({ signal }),
      });
      draft.change(() => ({ ...request }));
    } catch (error) {
      toasts.fail(error);
    } finally {
      setReading(false);
    }
  };
  if (jobs.data === undefined || jobs.data.length === 0) return null;
  return (
    <select
      className="earlier-job"
      aria-label="Start from an earlier job"
      value=""
      disabled={isReading}
      onChange={({ target }) => {
        if (target.value !== '') void fill(target.value);
      }}
    >
      <option value="">Start from an earlier job</option>
      {jobs.data.map(({ id, name }) => (
        <option key={id} value={id}>
          {name === undefined || name === '' ? id : `${name} (${id})`}
        </option>
      ))}
    </select>
  );
}
