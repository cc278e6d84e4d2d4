import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { JobRequest } from 'jobtree/client';
import { useMemo, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { pagePath } from '../../addresses.ts';
import { useApi } from '../../data/api.ts';
import { useQueryState } from '../../data/route.ts';
import { type DraftState, useDraft } from '../../forms/draft.ts';
import type { Problem } from '../../forms/json-schema.ts';
import { serverProblems } from '../../forms/server-problems.ts';
import { useApiSchema } from '../../forms/use-api-schema.ts';
import { Button } from '../../parts/button.tsx';
import { plural } from '../../parts/format.ts';
import { Page } from '../../parts/page.tsx';
import { Empty, ErrorBox } from '../../parts/states.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { useCan } from '../../session/session.tsx';
import { OptionsPanel } from './options-panel.tsx';
import { RequestPanel } from './request-panel.tsx';
import { requestProblems } from './request-problems.ts';
import { useCatalog } from './use-catalog.ts';
import { requestOfQuery } from './work-kind.ts';
import { WorkPanel } from './work-panel.tsx';

export function NewJobPage() {
  if (useCan('operator')) return <NewJob />;
  return (
    <Page title="New job">
      <Empty title="Your role cannot create jobs">
        It needs the role operator. Ask an admin of the partition.
      </Empty>
    </Page>
  );
}

function NewJob() {
  const [query] = useQueryState();
  const draft = useDraft(() => requestOfQuery(query));
  const [id, setId] = useState('');
  const catalog = useCatalog(draft.value);
  const { problems, attempt, create } = useCreation({ draft, id, catalog });
  const shown = attempt.isMade ? problems : problems.filter(({ isMissing }) => !isMissing);
  const state = { draft, catalog, problems: shown };
  const isTextBroken = draft.textProblem !== undefined;
  return (
    <Page title="New job" lead="Describe the work, check the request, and create the job.">
      <form
        className="new-job"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          attempt.make();
          focusFirstProblem(event.currentTarget);
        }}
      >
        <div className="new-job-form">
          {isTextBroken ? (
            <p className="note note-warn">The request is not valid JSON. Correct it there to use the form.</p>
          ) : null}
          <fieldset className="new-job-fields" disabled={isTextBroken}>
            <legend className="read-only">Request</legend>
            <WorkPanel {...state} />
            <OptionsPanel {...state} id={id} onId={setId} />
          </fieldset>
          {create.isError ? <ErrorBox error={create.error} /> : null}
          <div className="new-job-end">
            <Button submits kind="primary" icon="play" isBusy={create.isPending} disabled={isTextBroken}>
              Create the job
            </Button>
            <span className="form-problem" aria-live="polite">
              {attempt.isMade && problems.length > 0
                ? `${plural(problems.length, 'problem')} to correct`
                : ''}
            </span>
          </div>
        </div>
        <div className="new-job-request">
          <RequestPanel
            draft={draft}
            problems={shown}
            missing={problems.filter((problem) => !shown.includes(problem))}
          />
        </div>
      </form>
    </Page>
  );
}

/** After the problems were drawn, the first of them gets the focus. */
function focusFirstProblem(form: HTMLElement): void {
  setTimeout(() => {
    form.querySelector<HTMLElement>('.new-job-form [aria-invalid="true"]')?.focus();
  });
}

interface CreationProps {
  readonly draft: DraftState;
  readonly id: string;
  readonly catalog: ReturnType<typeof useCatalog>;
}

function useCreation({ draft, id, catalog }: CreationProps) {
  const api = useApi();
  const queries = useQueryClient();
  const toasts = useToasts();
  const [, navigate] = useLocation();
  const { schema } = useApiSchema('JobRequest');
  const [isMade, setMade] = useState(false);
  const [refusal, setRefusal] = useState<{ readonly text: string; readonly problems: readonly Problem[] }>();
  const keys = useRef(new Map<string, string>());
  const { value: request, text } = draft;
  const document = catalog.template.data ?? catalog.jobType.data;
  const { data: splitters } = catalog.splitters;
  const { data: workers } = catalog.workers;
  const found = useMemo(
    () => requestProblems(request, schema, { splitters, workers, document }),
    [request, schema, splitters, workers, document],
  );
  const create = useMutation({
    mutationFn: () => api.createJob(request as unknown as JobRequest, jobOptions(id, text, keys.current)),
    onSuccess: (job) => {
      void queries.invalidateQueries({ queryKey: ['jobs'] });
      toasts.say(`Created ${job.id}`);
      navigate(pagePath(job.partition, 'jobs', job.id));
    },
    onError: (error) => setRefusal({ text, problems: serverProblems(error) }),
  });
  // A problem that the API found is true until the request changes.
  const problems = refusal?.text === text ? [...found, ...refusal.problems] : found;
  const make = () => {
    setMade(true);
    if (found.length === 0) create.mutate();
  };
  return { problems, attempt: { isMade, make }, create };
}

/** The same request has the same key, so that sending it again after a broken connection makes no second job. */
function jobOptions(id: string, text: string, keys: Map<string, string>) {
  if (id.trim() !== '') return { id: id.trim() };
  const key = keys.get(text) ?? crypto.randomUUID();
  keys.set(text, key);
  return { idempotencyKey: key };
}
