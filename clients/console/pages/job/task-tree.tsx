import type { Job, JobHandle, Task } from 'jobtree/client';
import { useState } from 'react';
import { Button } from '../../parts/button.tsx';
import { formatCount, plural } from '../../parts/format.ts';
import { Icon, type IconName } from '../../parts/icons.tsx';
import { Empty, ErrorBox, Skeleton } from '../../parts/states.tsx';
import { Chip, type Tone } from '../../parts/status.tsx';
import { Time } from '../../parts/time.tsx';
import { useTasks } from './task-queries.ts';

interface LevelProps {
  readonly job: Job;
  readonly handle: JobHandle;
  readonly parent?: string;
}

/** The tree of tasks. A level is requested when its node is opened. */
export function TaskTree({ job, handle, parent = '' }: LevelProps) {
  const { tasks, list } = useTasks(job, handle, parent);
  if (list.isError) return <ErrorBox error={list.error} onRetry={() => list.refetch()} />;
  if (list.isPending) return <Skeleton lines={parent === '' ? 4 : 1} height="row" />;
  if (tasks.length === 0) {
    return parent === '' ? (
      <Empty title="No tasks yet">They appear when the job starts.</Empty>
    ) : (
      <p className="muted">No tasks yet</p>
    );
  }
  return (
    <ul className="tree">
      {tasks.map((task) => (
        <TaskNode key={task.path} task={task} job={job} handle={handle} />
      ))}
      {list.hasNextPage ? (
        <li>
          <Button
            kind="quiet"
            icon="down"
            isBusy={list.isFetchingNextPage}
            onClick={() => list.fetchNextPage()}
          >
            Show more
          </Button>
        </li>
      ) : null}
    </ul>
  );
}

const STATES: Readonly<Record<Task['state'], readonly [Tone, IconName]>> = {
  sent: ['idle', 'waiting'],
  splitting: ['busy', 'splitter'],
  working: ['busy', 'active'],
  retrying: ['warn', 'retry'],
  complete: ['ok', 'completed'],
};

function TaskNode({ task, job, handle }: { task: Task; job: Job; handle: JobHandle }) {
  const [isOpen, setOpen] = useState(false);
  const { path, kind, state, step, outcome, children = 0 } = task;
  const failed = task.items?.failed ?? 0;
  const [tone, icon] = state === 'complete' && failed > 0 ? (['warn', 'warning'] as const) : STATES[state];
  const canOpen = children > 0;
  return (
    <li>
      <div className="task">
        <button
          type="button"
          className="task-toggle"
          disabled={!canOpen}
          aria-expanded={canOpen ? isOpen : undefined}
          onClick={() => setOpen(!isOpen)}
        >
          <span className={isOpen ? 'task-arrow task-open' : 'task-arrow'}>
            {canOpen ? <Icon name="chevron" /> : null}
          </span>
          <code>{path}</code>
          <span>{step ?? kind}</span>
        </button>
        <Chip tone={tone} icon={icon}>
          {(outcome ?? state).toLowerCase().replaceAll('_', ' ')}
        </Chip>
        <span className="muted task-counts">
          {canOpen
            ? `${plural(children, kind === 'step' ? 'part' : 'child').replace('childs', 'children')} · `
            : ''}
          <TaskItems task={task} />
        </span>
        <RetryNote task={task} />
      </div>
      {isOpen ? <TaskTree job={job} handle={handle} parent={path} /> : null}
    </li>
  );
}

function TaskItems({ task: { items } }: { task: Task }) {
  if (items === undefined) return null;
  const words = [`${formatCount(items.succeeded)} ok`];
  if (items.failed > 0) words.push(`${formatCount(items.failed)} failed`);
  if (items.skipped > 0) words.push(`${formatCount(items.skipped)} skipped`);
  return <>{words.join(' · ')}</>;
}

function RetryNote({ task: { attempt, lastError, nextAttemptAt, since } }: { task: Task }) {
  if (lastError === undefined && attempt === undefined) return null;
  return (
    <span className="task-retry">
      attempt {attempt ?? 1}
      {since === undefined ? null : (
        <>
          , since <Time at={since} />
        </>
      )}
      {nextAttemptAt === undefined ? null : (
        <>
          , next <Time at={nextAttemptAt} />
        </>
      )}
      {lastError === undefined ? '' : `: ${lastError}`}
    </span>
  );
}
