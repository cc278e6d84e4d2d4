import type { JsonObject as Request } from '../../forms/draft.ts';
import { isObject } from '../../forms/json-schema.ts';
import { setAt } from '../../forms/set-at.ts';
import { Button, IconButton } from '../../parts/button.tsx';
import { type FormState, problemsBelow } from './form-state.ts';
import { OptionField } from './option-fields.tsx';

const STATUSES = ['waiting', 'active', 'paused', 'blocked', 'completed', 'failed', 'cancelled', 'expired'];
const FINAL: readonly string[] = ['completed', 'failed', 'cancelled', 'expired'];

/** Policies for jobs that stay too long in a status. */
export function ExpiryOptions({ draft, problems }: FormState) {
  const { expiry } = draft.value;
  const policies = Object.entries(isObject(expiry) ? expiry : {});
  const free = STATUSES.filter((status) => !policies.some(([used]) => used === status));
  const set = (status: string, policy: unknown) =>
    draft.change((request) => withoutEmptyExpiry(setAt(request, ['expiry', status], policy) as Request));
  return (
    <OptionField
      label="Expiry"
      hint="What happens if the job stays in a status, such as P30D for 30 days"
      isWide
      problems={problemsBelow(problems, 'expiry').map(({ path, detail }) => `${path.join('.')} ${detail}`)}
    >
      {({ id }) => (
        <div className="form-pairs">
          {policies.map(([status, policy]) => (
            <PolicyRow key={status} status={status} policy={isObject(policy) ? policy : {}} onChange={set} />
          ))}
          <Button
            id={id}
            aria-label="Add a policy"
            icon="plus"
            disabled={free.length === 0}
            onClick={() =>
              set(free.includes('completed') ? 'completed' : String(free[0]), { expiryTime: 'P30D' })
            }
          >
            Add a policy
          </Button>
        </div>
      )}
    </OptionField>
  );
}

interface PolicyRowProps {
  readonly status: string;
  readonly policy: Readonly<Record<string, unknown>>;
  readonly onChange: (status: string, policy: unknown) => void;
}

function PolicyRow({ status, policy, onChange }: PolicyRowProps) {
  const { expiryTime, operation } = policy;
  return (
    <div className="form-pair expiry-row">
      <select
        aria-label="Status"
        value={status}
        onChange={({ target }) => {
          onChange(status, undefined);
          onChange(target.value, { expiryTime });
        }}
      >
        {STATUSES.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
      <input
        aria-label={`Time in ${status}`}
        value={typeof expiryTime === 'string' ? expiryTime : ''}
        autoComplete="off"
        onChange={({ target }) => onChange(status, { ...policy, expiryTime: target.value })}
      />
      <select
        aria-label={`Action after the time in ${status}`}
        value={FINAL.includes(status) ? 'Delete' : String(operation ?? 'Expire')}
        disabled={FINAL.includes(status)}
        onChange={({ target }) => onChange(status, { ...policy, operation: target.value })}
      >
        <option value="Expire">expire</option>
        <option value="Delete">delete</option>
      </select>
      <IconButton
        icon="trash"
        label={`Remove the policy for ${status}`}
        onClick={() => onChange(status, undefined)}
      />
    </div>
  );
}

function withoutEmptyExpiry(request: Request): Request {
  const { expiry, ...others } = request;
  return isObject(expiry) && Object.keys(expiry).length === 0 ? others : request;
}
