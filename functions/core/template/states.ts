/** The states of a flow, each with a sentence as its name. */
import { ANY_OUTCOME, type TemplateStep } from './template.ts';

export type State = Readonly<Record<string, unknown>>;

/** URLs of the queues that a flow sends to. */
export interface FlowQueues {
  readonly split: string;
  readonly results: string;
}

function outcome(code: string): string {
  return code === ANY_OUTCOME ? 'any outcome' : code;
}

export const NAMES = {
  step: (step: string) => `Run ${step} until every item is recorded`,
  decide: (step: string) => `Decide what follows ${step}`,
  count: (step: string) => `Count this visit of ${step}`,
  keepCount: (step: string) => `Keep the count of ${step}`,
  limit: (step: string, on: string) => `Limit ${step} on ${outcome(on)}`,
  visitedTooOften: (step: string, on: string) => `Stop after ${step} on ${outcome(on)}`,
  stepFailed: (step: string) => `Fail because ${step} failed`,
  branchEnd: (step: string) => `End the branch after ${step}`,
  fork: (join: string) => `Run the branches before ${join} in parallel`,
  done: 'Report that the flow is done',
  tellFailed: 'Report that the flow has failed',
  failed: 'The flow has failed',
} as const;

/**
 * One year, the longest duration of an execution. The visit of a step enforces the step's own time limit,
 * without pauses.
 */
const TOKEN_TIMEOUT_SECONDS = 365 * 24 * 3600;

/** Longest interval after which a state sends its message again, with a new token. */
const MAX_HEARTBEAT_SECONDS = 6 * 3600;

/** Error for tokens of final jobs. It prevents retries. */
export const JOB_IS_FINAL = 'JobIsOver';

/**
 * No function sends heartbeats. After each timeout the state sends its message again, which replaces a lost
 * message, checks the step's time limit, and renews the token of a paused job. 25,000 events of an execution
 * last for more than a year.
 */
const STEP_RETRIES = [
  { ErrorEquals: [JOB_IS_FINAL], MaxAttempts: 0 },
  { ErrorEquals: ['States.HeartbeatTimeout'], IntervalSeconds: 1, BackoffRate: 1, MaxAttempts: 5_000 },
  { ErrorEquals: ['States.TaskFailed'], IntervalSeconds: 2, BackoffRate: 2, MaxAttempts: 6 },
];

const SEND_RETRIES = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 2, BackoffRate: 2, MaxAttempts: 8 }];

const RUN = { v: 1, 'partition.$': '$.partition', 'job.$': '$.job', 'runNumber.$': '$.runNumber' };

export function stepState(
  { name, timeoutSeconds }: TemplateStep,
  queue: string,
  scope: 'flow' | 'branch',
): State {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
    Parameters: {
      QueueUrl: queue,
      'MessageGroupId.$': '$.group',
      MessageBody: {
        ...RUN,
        kind: 'step',
        step: name,
        'inputs.$': '$.last.inputs',
        'token.$': '$$.Task.Token',
        'tokenNumber.$': '$$.State.RetryCount',
      },
    },
    HeartbeatSeconds: Math.min(MAX_HEARTBEAT_SECONDS, timeoutSeconds),
    TimeoutSeconds: TOKEN_TIMEOUT_SECONDS,
    ResultPath: '$.last',
    Retry: STEP_RETRIES,
    ...(scope === 'flow'
      ? { Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: NAMES.tellFailed }] }
      : {}),
    Next: NAMES.decide(name),
  };
}

export function choiceState(
  rules: readonly { readonly variable: string; readonly is: string; readonly next: string }[],
  otherwise: string,
): State {
  return rules.length === 0
    ? { Type: 'Pass', Next: otherwise }
    : {
        Type: 'Choice',
        Choices: rules.map(({ variable, is, next }) => ({
          Variable: variable,
          StringEquals: is,
          Next: next,
        })),
        Default: otherwise,
      };
}

export function countState(member: string, next: string): State {
  const path = `$.visits.${member}`;
  return {
    Type: 'Pass',
    Parameters: { 'n.$': `States.MathAdd(${path}.n, 1)` },
    ResultPath: path,
    Next: next,
  };
}

/** Keeps the count of a joined branch. */
export function keepCountState(member: string, next: string): State {
  return {
    Type: 'Pass',
    Parameters: { 'n.$': `$.last.visits.${member}.n` },
    ResultPath: `$.visits.${member}`,
    Next: next,
  };
}

export function limitState(
  member: string,
  maxVisits: number,
  { over, within }: { over: string; within: string },
): State {
  return {
    Type: 'Choice',
    Choices: [{ Variable: `$.visits.${member}.n`, NumericGreaterThanEquals: maxVisits, Next: over }],
    Default: within,
  };
}

/**
 * Records a failure. In a branch it reaches the flow as an error; in the flow it is stored and sent as a
 * message.
 */
export function failureNote(code: string, step: string, scope: 'flow' | 'branch'): State {
  if (scope === 'branch') return { Type: 'Fail', Error: code, Cause: step };
  return {
    Type: 'Pass',
    Result: { Error: code, Cause: step },
    ResultPath: '$.failure',
    Next: NAMES.tellFailed,
  };
}

export function flowMessageState(
  queue: string,
  words: Readonly<Record<string, unknown>>,
  next: Readonly<Record<string, unknown>>,
): State {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::sqs:sendMessage',
    Parameters: {
      QueueUrl: queue,
      'MessageGroupId.$': '$.group',
      MessageBody: { ...RUN, kind: 'flow', ...words },
    },
    ResultPath: null,
    Retry: SEND_RETRIES,
    ...next,
  };
}

export function flowFailedState(): State {
  return { Type: 'Fail', Error: 'FlowFailed', Cause: 'See the failures of the job' };
}
