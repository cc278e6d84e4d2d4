import type { Job, JobHandle } from 'jobtree/client';
import { lazy, Suspense } from 'react';
import { Panel } from '../../parts/page.tsx';
import { Skeleton } from '../../parts/states.tsx';
import { RetryingTasks } from './retrying-tasks.tsx';
import { SlowestChunks } from './slowest-chunks.tsx';
import { TaskTree } from './task-tree.tsx';

/** The layout of graphs is only needed for templates. */
const TemplateFlow = lazy(async () => ({ default: (await import('./template-flow.tsx')).TemplateFlow }));

/** Template steps as a graph, work that is being retried, the slowest chunks, and the tree of tasks. */
export function ProgressTab({ job, handle }: { job: Job; handle: JobHandle }) {
  const retrying = job.attention?.retrying ?? 0;
  const { slowest = [] } = job;
  return (
    <>
      {job.template === undefined ? null : (
        <Panel title={`Steps of ${job.template}`}>
          <Suspense fallback={<Skeleton height="block" />}>
            <TemplateFlow job={job} template={job.template} handle={handle} />
          </Suspense>
        </Panel>
      )}
      {retrying === 0 ? null : <RetryingTasks handle={handle} count={retrying} />}
      {slowest.length === 0 ? null : <SlowestChunks slowest={slowest} />}
      <Panel title="Tree">
        <TaskTree job={job} handle={handle} />
      </Panel>
    </>
  );
}
