import { useMutation, useQuery } from '@tanstack/react-query';
import type { Job, JobHandle, JobRequest } from 'jobtree/client';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { API_URL, pagePath } from '../../addresses.ts';
import { useApi } from '../../data/api.ts';
import { Button, ButtonRow } from '../../parts/button.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { JsonField } from '../../parts/json-field.tsx';
import { parsedObject } from '../../parts/json-text.ts';
import { JsonView } from '../../parts/json-view.tsx';
import { Panel } from '../../parts/page.tsx';
import { ErrorBox, Skeleton } from '../../parts/states.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { useCan } from '../../session/session.tsx';
import { asCommand, asCurl, asTypeScript } from './request-code.ts';
import { jobKey } from './use-job.ts';

/** The body that created the job: copy it as code, or change it and create another job. */
export function RequestTab({ handle }: { job: Job; handle: JobHandle }) {
  const canAct = useCan('operator');
  const [isEditing, setEditing] = useState(false);
  const request = useQuery({
    queryKey: jobKey(handle, 'request'),
    queryFn: ({ signal }) => handle.request({ signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (request.isError) return <ErrorBox error={request.error} onRetry={() => request.refetch()} />;
  if (request.data === undefined) return <Skeleton height="block" />;
  const place = { url: API_URL, partition: handle.partition };
  const body = request.data;
  return (
    <Panel
      title="Request"
      actions={
        <ButtonRow>
          <CopyButton text={() => asCurl(body, place)} label="curl" />
          <CopyButton text={() => asCommand(body, place)} label="Command line" />
          <CopyButton text={() => asTypeScript(body, place)} label="TypeScript" />
          {canAct && !isEditing ? (
            <Button icon="resubmit" onClick={() => setEditing(true)}>
              Resubmit with changes
            </Button>
          ) : null}
        </ButtonRow>
      }
    >
      {isEditing ? (
        <RequestEditor request={body} onClose={() => setEditing(false)} />
      ) : (
        <JsonView value={body} label="Request" />
      )}
    </Panel>
  );
}

function RequestEditor({ request, onClose }: { request: JobRequest; onClose: () => void }) {
  const api = useApi();
  const toasts = useToasts();
  const [, navigate] = useLocation();
  const [text, setText] = useState(() => JSON.stringify(request, null, 2));
  const parsed = parsedObject(text);
  const create = useMutation({
    mutationFn: (body: JobRequest) => api.createJob(body),
    onSuccess: ({ id, partition }) => {
      toasts.say(`Created ${id}`);
      navigate(pagePath(partition, 'jobs', id));
    },
  });
  return (
    <form
      className="request-editor"
      onSubmit={(event) => {
        event.preventDefault();
        // The API checks the body and names each part that is wrong.
        if ('value' in parsed) create.mutate(parsed.value as JobRequest);
      }}
    >
      <JsonField
        label="Request of the new job"
        text={text}
        onChange={setText}
        problem={'problem' in parsed ? parsed.problem : undefined}
        rows={Math.min(30, text.split('\n').length + 1)}
      />
      {create.isError ? <ErrorBox error={create.error} /> : null}
      <ButtonRow>
        <Button submits kind="primary" isBusy={create.isPending} disabled={'problem' in parsed}>
          Create the job
        </Button>
        <Button onClick={onClose}>Close</Button>
      </ButtonRow>
    </form>
  );
}
