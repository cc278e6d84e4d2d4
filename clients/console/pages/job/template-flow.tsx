import { useQuery } from '@tanstack/react-query';
import type { Job, JobHandle, Task, Template } from 'jobtree/client';
import { useApi } from '../../data/api.ts';
import { formatCount } from '../../parts/format.ts';
import { Graph, type StepEdge, type StepNode } from '../../parts/graph.tsx';
import { ErrorBox, Skeleton } from '../../parts/states.tsx';
import type { Tone } from '../../parts/status.tsx';
import { templateEdges } from '../../parts/template-graph.ts';
import { useTasks } from './task-queries.ts';

interface TemplateFlowProps {
  readonly job: Job;
  readonly template: string;
  readonly handle: JobHandle;
}

/** The steps of the template with their counts; edges that the job has taken are drawn solid. */
export function TemplateFlow({ job, template, handle }: TemplateFlowProps) {
  const api = useApi();
  const document = useQuery({
    queryKey: ['template', api.partitionId, template],
    queryFn: ({ signal }) => api.templates.get(template, { signal }),
    staleTime: 60_000,
  });
  const { tasks } = useTasks(job, handle, '');
  if (document.isError) return <ErrorBox error={document.error} />;
  if (document.data === undefined) return <Skeleton height="block" />;
  const nodes = document.data.steps.map((step) => nodeOf(step, visitsOf(step.name, tasks)));
  const edges = templateEdges(document.data).map((edge) => withCounts(edge, tasks));
  return (
    <>
      <Graph label={`Steps of the template ${template}`} nodes={nodes} edges={edges} />
      {document.data.version === job.templateVersion ? null : (
        <p className="muted">
          The template has changed since the job was created; the drawing shows its current version.
        </p>
      )}
    </>
  );
}

function visitsOf(step: string, tasks: readonly Task[]): readonly Task[] {
  return tasks.filter((task) => task.kind === 'step' && task.step === step);
}

function nodeOf({ name, worker }: Template['steps'][number], visits: readonly Task[]): StepNode {
  const last = visits.at(-1);
  const lines = [worker, last === undefined ? 'not reached' : countsOf(last)];
  if (visits.length > 1) lines.push(`visit ${visits.length}`);
  return { id: name, title: name, lines, tone: toneOf(last) };
}

function countsOf({ items, state }: Task): string {
  if (items === undefined) return state;
  const failed = items.failed === 0 ? '' : ` · ${formatCount(items.failed)} failed`;
  return `${formatCount(items.succeeded)} ok${failed}`;
}

function toneOf(task: Task | undefined): Tone {
  if (task === undefined) return 'idle';
  if (task.state === 'retrying') return 'warn';
  if (task.state !== 'complete') return 'busy';
  if (task.outcome === 'FAILED') return 'bad';
  return (task.items?.failed ?? 0) > 0 ? 'warn' : 'ok';
}

/** An edge was taken if its first step is complete with its outcome, and its second step was visited. */
function withCounts(edge: StepEdge, tasks: readonly Task[]): StepEdge {
  const from = visitsOf(edge.from, tasks).filter(
    ({ state, outcome }) => state === 'complete' && matches(edge.label, outcome),
  );
  const last = from.at(-1);
  if (last === undefined || visitsOf(edge.to, tasks).length === 0) return edge;
  const items = last.items === undefined ? '' : `${formatCount(last.items.succeeded)} ok`;
  const label = [edge.label, items].filter((part) => part).join(' · ');
  return { ...edge, isTaken: true, label };
}

/** A step with failed items also follows the edge of COMPLETED. */
function matches(on: string | undefined, outcome: string | undefined): boolean {
  if (on === undefined || on === '*' || outcome === undefined) return true;
  return on === outcome || (on === 'COMPLETED' && outcome === 'COMPLETED_WITH_FAILURES');
}
