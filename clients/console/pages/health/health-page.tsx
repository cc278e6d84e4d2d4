import { docsUrl } from '../../addresses.ts';
import { useQueues } from '../../data/queues.ts';
import { Page, Panel } from '../../parts/page.tsx';
import { ErrorBox, Skeleton } from '../../parts/states.tsx';
import { Chip } from '../../parts/status.tsx';
import { AlarmList } from './alarm-list.tsx';
import { type Check, checksOf } from './checks.ts';
import { DeadLettersPanel } from './dead-letters-panel.tsx';
import { QueueTable } from './queue-table.tsx';
import { UnroutablePanel } from './unroutable-panel.tsx';
import { useUnroutable } from './use-unroutable.ts';

export function HealthPage() {
  const queues = useQueues();
  const { data: messages } = useUnroutable();
  const { data, error } = queues;
  return (
    <Page
      title="Health"
      lead="The queues of the whole service. Their numbers are approximate, and up to 10 seconds old."
    >
      {data === undefined && error !== null ? (
        <ErrorBox error={error} onRetry={() => queues.refetch()} />
      ) : (
        <Panel title="Alarms">
          {data === undefined ? (
            <Skeleton lines={3} height="row" />
          ) : (
            <Checks checks={checksOf(data, messages?.length)} />
          )}
          <AlarmList />
          <AlarmDocs />
        </Panel>
      )}
      <UnroutablePanel />
      <DeadLettersPanel />
      {data === undefined && error !== null ? null : (
        <Panel title="Queues">
          {data === undefined ? <Skeleton lines={6} height="row" /> : <QueueTable queues={data} />}
        </Panel>
      )}
    </Page>
  );
}

function AlarmDocs() {
  return (
    <p className="muted">
      The first three lines follow from the queues; CloudWatch raises its alarms some minutes later.{' '}
      <a href={docsUrl('how-to/operate#react-to-an-alarm')} target="_blank" rel="noreferrer">
        How to react to each alarm
      </a>
    </p>
  );
}

function Checks({ checks }: { checks: readonly Check[] }) {
  return (
    <ul className="checks">
      {checks.map(({ name, tone, state, advice }) => (
        <li key={name}>
          <span className="check-name">{name}</span>
          <Chip tone={tone} icon={tone === 'ok' ? 'check' : 'warning'}>
            {state}
          </Chip>
          {advice === undefined ? null : <span className="check-advice">{advice}</span>}
        </li>
      ))}
    </ul>
  );
}
