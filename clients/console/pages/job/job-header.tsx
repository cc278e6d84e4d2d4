import { isFinal, type Job, type JobHandle } from 'jobtree/client';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { pagePath } from '../../addresses.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { formatDuration, formatRate, plural } from '../../parts/format.ts';
import { Icon } from '../../parts/icons.tsx';
import { ItemsBar } from '../../parts/items-bar.tsx';
import { Facts } from '../../parts/page.tsx';
import { StatusChip } from '../../parts/status.tsx';
import { Duration, Time, TimeLeft, useNow } from '../../parts/time.tsx';
import { JobActions } from './job-actions.tsx';

interface JobParts {
  readonly job: Job;
  readonly handle: JobHandle;
}

export function JobHeader({ job, handle }: JobParts) {
  const { id, name, status, items, percentageComplete } = job;
  return (
    <header className="job-head">
      <div className="page-head">
        <span className="job-title">
          <Link className="job-up" href={pagePath(handle.partition, 'jobs')}>
            Jobs
          </Link>
          <Icon name="chevron" />
          <h1>{name ?? id}</h1>
          <CopyButton text={id} label={`Copy the id ${id}`} isIcon />
          <StatusChip status={status} failedItems={items.failed} />
        </span>
        <JobActions job={job} handle={handle} />
      </div>
      {job.description === undefined ? null : <p className="page-lead">{job.description}</p>}
      <div className="job-bar">
        <ItemsBar items={items} isFinal={isFinal(status)} isLarge />
        <strong className="job-percent">
          {percentageComplete.toFixed(percentageComplete === 100 ? 0 : 1)} %
        </strong>
      </div>
      <Facts facts={factsOf(job, handle.partition)} />
      <JobNotes job={job} partition={handle.partition} />
    </header>
  );
}

function factsOf(job: Job, partition: string): Record<string, ReactNode> {
  const { id, name, createTime, startTime, endTime, itemsPerMinute, estimatedEndTime, run } = job;
  const { template, dependents = [], labels, notBefore, expiresAt } = job;
  return {
    Id: name && <code>{id}</code>,
    Created: <Time at={createTime} />,
    By: job.createdBy,
    Duration: startTime && <Duration from={startTime} to={endTime} />,
    Ended: endTime && <Time at={endTime} />,
    'Items a minute': itemsPerMinute === undefined ? undefined : formatRate(itemsPerMinute),
    'Time left': estimatedEndTime && <TimeLeft until={estimatedEndTime} />,
    Template: template && <Link href={pagePath(partition, 'templates', template)}>{template}</Link>,
    'Job type': job.type,
    Priority: job.priority,
    Run: run === 1 ? undefined : run,
    Starts: startTime === undefined && notBefore !== undefined ? <Time at={notBefore} /> : undefined,
    [isFinal(job.status) ? 'Deleted' : 'Expires']: expiresAt && <Time at={expiresAt} />,
    Dependents: dependents.length === 0 ? undefined : <JobLinks ids={dependents} partition={partition} />,
    Labels: Object.keys(labels).length === 0 ? undefined : <Labels labels={labels} />,
  };
}

function Labels({ labels }: { labels: Job['labels'] }) {
  return (
    <span className="job-labels">
      {Object.entries(labels).map(([key, value]) => (
        <span key={key} className="label-tag">
          {key}: {value}
        </span>
      ))}
    </span>
  );
}

function JobLinks({ ids, partition }: { ids: readonly string[]; partition: string }) {
  return (
    <span className="job-labels">
      {ids.map((id) => (
        <Link key={id} href={pagePath(partition, 'jobs', id)}>
          {id}
        </Link>
      ))}
    </span>
  );
}

/** Why the job waits or has failed, and what does not progress. */
function JobNotes({ job, partition }: { job: Job; partition: string }) {
  const { waitingFor, attention, status, failures, note } = job;
  const jobFailure = failures.find(({ failureSource }) => failureSource === 'job');
  const now = useNow();
  return (
    <>
      {waitingFor.length === 0 ? null : (
        <p className="note note-idle">
          <Icon name="waiting" />
          <span>
            Waits for {plural(waitingFor.length, 'job')}: <JobLinks ids={waitingFor} partition={partition} />
          </span>
        </p>
      )}
      {attention === undefined ? null : <AttentionNote attention={attention} now={now} />}
      {status === 'Active' && note !== undefined ? (
        <p className="note note-idle">
          <Icon name="active" />
          <span>{note}</span>
        </p>
      ) : null}
      {jobFailure === undefined ? null : (
        <p className="note note-bad">
          <Icon name="failed" />
          <span>
            <code>{jobFailure.code}</code> {jobFailure.failureMessage}
          </span>
        </p>
      )}
    </>
  );
}

function AttentionNote({ attention, now }: { attention: NonNullable<Job['attention']>; now: number }) {
  const { retrying, held, waitingForSlot, longestSince } = attention;
  const words = [
    retrying > 0 ? `${plural(retrying, 'chunk')} being retried` : undefined,
    held > 0 ? `${plural(held, 'message')} held until the job is resumed` : undefined,
    waitingForSlot > 0 ? 'waiting for a slot of the partition' : undefined,
  ].filter((word) => word !== undefined);
  if (words.length === 0) return null;
  const since =
    longestSince === undefined ? '' : `, the longest for ${formatDuration(Math.max(0, now - longestSince))}`;
  return (
    <p className="note note-warn">
      <Icon name="warning" />
      <span>
        {words.join(' · ')}
        {since}
      </span>
    </p>
  );
}
