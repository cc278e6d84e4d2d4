import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { PartitionSettings } from 'jobtree/client';
import { useState } from 'react';
import { docsUrl } from '../../addresses.ts';
import { useApi } from '../../data/api.ts';
import { Button, ButtonRow } from '../../parts/button.tsx';
import { JsonField } from '../../parts/json-field.tsx';
import { parsedObject } from '../../parts/json-text.ts';
import { Panel } from '../../parts/page.tsx';
import { ErrorBox, Skeleton } from '../../parts/states.tsx';
import { Time } from '../../parts/time.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { useSettings } from './use-settings.ts';

export function SettingsPanel() {
  const { data, error, isError, refetch } = useSettings();
  return (
    <Panel
      title="Settings"
      actions={
        <a href={docsUrl('reference/http-api#settings-of-a-partition')} target="_blank" rel="noreferrer">
          Docs
        </a>
      }
    >
      {isError ? <ErrorBox error={error} onRetry={() => refetch()} /> : null}
      {data === undefined && !isError ? <Skeleton lines={5} height="row" /> : null}
      {/* A form that was not changed follows the settings; a changed one keeps what was typed. */}
      {data === undefined ? null : <SettingsForm settings={data} />}
    </Panel>
  );
}

interface Draft {
  /** Version of the settings that the draft is a change of. */
  readonly version: number;
  readonly maxActiveJobs: string;
  readonly suspended: boolean;
  readonly retention: string;
  readonly defaults: string;
}

function draftOf({ version, maxActiveJobs, suspended, retention, defaults }: PartitionSettings): Draft {
  return {
    version,
    maxActiveJobs: String(maxActiveJobs),
    suspended,
    retention,
    defaults: JSON.stringify(defaults, null, 2),
  };
}

function SettingsForm({ settings }: { settings: PartitionSettings }) {
  const [changed, setChanged] = useState<Draft>();
  const draft = changed ?? draftOf(settings);
  const save = useSave(draft, () => setChanged(undefined));
  const change = (part: Partial<Draft>) => setChanged({ ...draft, ...part });
  const defaults = parsedObject(draft.defaults);
  const problem = 'problem' in defaults ? defaults.problem : undefined;
  const isOld = changed !== undefined && changed.version !== settings.version;
  return (
    <form
      className="settings-form"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <div className="field">
        <label htmlFor="slots">Slots</label>
        <input
          id="slots"
          type="number"
          min={1}
          max={100_000}
          required
          value={draft.maxActiveJobs}
          onChange={({ target }) => change({ maxActiveJobs: target.value })}
        />
        <span className="muted">Jobs that may run at the same time. Others wait.</span>
      </div>
      <div className="field">
        <label htmlFor="retention">Retention</label>
        <input
          id="retention"
          required
          value={draft.retention}
          onChange={({ target }) => change({ retention: target.value })}
        />
        <span className="muted">Time for which final jobs are kept, such as P30D, or none.</span>
      </div>
      <label className="check settings-wide">
        <input
          type="checkbox"
          checked={draft.suspended}
          onChange={({ target }) => change({ suspended: target.checked })}
        />
        Suspended: no further job starts. Jobs that have started continue.
      </label>
      <div className="settings-wide">
        <JsonField
          label="Defaults of new jobs: priority and expiry (JSON)"
          text={draft.defaults}
          onChange={(text) => change({ defaults: text })}
          problem={problem}
          placeholder='{ "priority": 4 }'
        />
      </div>
      {isOld ? (
        <p className="note note-warn settings-wide">
          The settings have changed since you began. Reset to see them.
        </p>
      ) : null}
      {save.isError ? (
        <div className="settings-wide">
          <ErrorBox error={save.error} />
        </div>
      ) : null}
      <div className="settings-foot settings-wide">
        <ButtonRow>
          <Button
            submits
            kind="primary"
            isBusy={save.isPending}
            disabled={changed === undefined || problem !== undefined}
          >
            Save
          </Button>
          <Button
            disabled={changed === undefined}
            onClick={() => {
              save.reset();
              setChanged(undefined);
            }}
          >
            Reset
          </Button>
        </ButtonRow>
        <SavedText settings={settings} />
      </div>
    </form>
  );
}

function SavedText({ settings: { version, lastUpdateTime } }: { settings: PartitionSettings }) {
  if (lastUpdateTime === undefined) return <span className="muted">These are the defaults.</span>;
  return (
    <span className="muted">
      Version {version}, saved <Time at={lastUpdateTime} />
    </span>
  );
}

/** Saves the draft, unless the settings have changed since it was begun. */
function useSave({ version, maxActiveJobs, suspended, retention, defaults }: Draft, onSaved: () => void) {
  const api = useApi();
  const toasts = useToasts();
  const queries = useQueryClient();
  const queryKey = ['settings', api.partitionId];
  return useMutation({
    mutationFn: () => {
      const body = {
        maxActiveJobs: Number(maxActiveJobs),
        suspended,
        retention,
        defaults: JSON.parse(defaults),
      };
      return api.putSettings(body, { ifMatch: `"${version}"` });
    },
    onSuccess: (saved) => {
      queries.setQueryData(queryKey, saved);
      toasts.say('Settings saved');
      onSaved();
    },
    onError: () => queries.invalidateQueries({ queryKey }),
  });
}
