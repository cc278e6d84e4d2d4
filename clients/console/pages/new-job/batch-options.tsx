import { isObject } from '../../forms/json-schema.ts';
import { type FormState, problemsBelow } from './form-state.ts';
import { NumberOption, OptionField } from './option-fields.tsx';
import { batchOf } from './work-kind.ts';

const POLICIES = [
  ['failIfNoneSucceed', 'Fail if none succeeded'],
  ['continue', 'Complete all the same'],
  ['failAtEnd', 'Fail at the end if one failed'],
  ['failFast', 'Fail at the first failed item'],
  ['count', 'Tolerate a number of failed items'],
  ['percent', 'Tolerate a share of failed items'],
] as const;

/** Options of a splitter and a worker; templates have their own. */
export function BatchOptions(state: FormState) {
  return (
    <>
      <NumberOption
        label="Items in one task"
        hint="Up to 1,000 items go to a worker in one message. Default: those of the worker"
        path={['batch', 'itemsPerTask']}
        {...state}
      />
      <NumberOption
        label="Attempts"
        hint="How often an item is tried, 1 to 10"
        preset={3}
        path={['batch', 'maxAttempts']}
        {...state}
      />
      <FailurePolicy {...state} />
    </>
  );
}

function FailurePolicy({ draft, problems }: FormState) {
  const policy = batchOf(draft.value)['onItemFailure'];
  const { kind, limit } = policyOf(policy);
  const set = (value: unknown) => draft.setPart(['batch', 'onItemFailure'], value);
  const isTolerance = kind === 'count' || kind === 'percent';
  return (
    <OptionField
      label="If items fail"
      hint="How failed items end the job"
      problems={problemsBelow(problems, 'batch', 'onItemFailure').map(({ detail }) => detail)}
    >
      {(field) => (
        <div className="option-pair">
          <select {...field} value={kind} onChange={({ target }) => set(policyValue(target.value, limit))}>
            {POLICIES.map(([name, text]) => (
              <option key={name} value={name}>
                {text}
              </option>
            ))}
          </select>
          {isTolerance ? (
            <input
              type="number"
              aria-label={kind === 'count' ? 'Number of failed items' : 'Percentage of failed items'}
              value={limit ?? ''}
              onChange={({ target }) =>
                set({ tolerate: { [kind]: target.value === '' ? undefined : Number(target.value) } })
              }
            />
          ) : null}
        </div>
      )}
    </OptionField>
  );
}

function policyOf(policy: unknown): { readonly kind: string; readonly limit: number | undefined } {
  const tolerate = isObject(policy) ? policy['tolerate'] : undefined;
  if (!isObject(tolerate))
    return { kind: typeof policy === 'string' ? policy : POLICIES[0][0], limit: undefined };
  const kind = 'percent' in tolerate ? 'percent' : 'count';
  const limit = tolerate[kind];
  return { kind, limit: typeof limit === 'number' ? limit : undefined };
}

function policyValue(kind: string, limit: number | undefined): unknown {
  if (kind === POLICIES[0][0]) return undefined;
  return kind === 'count' || kind === 'percent' ? { tolerate: { [kind]: limit ?? 1 } } : kind;
}
