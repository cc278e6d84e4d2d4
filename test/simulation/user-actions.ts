/** Draws the commands of users and their times: a creation for each job, and other commands at any time. */
import type { JobKey } from '#core/job.ts';
import { omitUndefined } from '#core/omit-undefined.ts';
import type { Chance } from './chance.ts';
import { drawBulk } from './commands/bulk.ts';
import type { Command } from './commands/catalogue.ts';
import { drawEdit } from './commands/edit.ts';
import { drawRetry } from './commands/retry.ts';
import { drawSettings } from './commands/settings.ts';
import { crowdOf } from './crowd.ts';
import { flowJobOf, type JobSpec, specOf } from './job-specs.ts';
import type { Focus } from './seeds.ts';
import { TreeMaker } from './trees.ts';

export interface UserAction {
  /** Time of the command, in milliseconds after the start of the schedule; with `atEnd`, after the end of the job. */
  readonly at: number;
  /** True if the command waits until the job is final. */
  readonly atEnd?: true;
  /** True if the request has `If-Match` with the version of the job. */
  readonly isGuarded?: true;
  /** Name of the user. Each user sends one command at a time; several users act concurrently. */
  readonly user: string;
  /** The job. A bulk action uses only the partition. */
  readonly key: JobKey;
  readonly command: Command;
}

const MINUTE = 60_000;

/** Share of jobs that run a template if the focus is `templates`. */
const TEMPLATED_JOBS = 0.7;

const KEYS: readonly JobKey[] = [
  { partition: 'north', job: 'a' },
  { partition: 'south', job: 'a' },
  { partition: 'north', job: 'b c%' },
];
/** Small jobs that wait for prerequisites and slots. */
const FOLLOWERS: readonly JobKey[] = ['c', 'd', 'e', 'f'].map((job) => ({ partition: 'north', job }));
/** Ids of prerequisites. No job has the last one. */
const PREREQUISITE_IDS = ['a', 'b c%', 'c', 'd', 'e', 'absent'];
/** Ids for resubmitted jobs. Two of them belong to other jobs. */
const RESUBMITTED_IDS = ['again', 'again', 'a', 'b c%'];

export function actionsOf(chance: Chance, focus: Focus): UserAction[] {
  const maker = new TreeMaker(chance);
  if (focus === 'crowd') return crowdOf(chance, maker);
  const followers = chance.is(0.4) ? FOLLOWERS.slice(0, chance.between(1, 4)) : [];
  const keys = [...KEYS.slice(0, chance.pick([1, 1, 2, 3])), ...followers];
  const actions = keys.flatMap((key) => actionsForJob(chance, key, { maker, focus }));
  if (chance.is(followers.length > 0 ? 0.6 : 0.1)) actions.push(...settingsOf(chance));
  if (chance.is(0.25)) actions.push(...bulkActionsOf(chance));
  if (chance.is(0.25)) actions.push(...keyedRequestsOf(chance, maker));
  return actions.sort((a, b) => a.at - b.at);
}

/** Returns the requests for jobs in all commands. */
export function specsOf(actions: readonly UserAction[]): JobSpec[] {
  return actions.flatMap(({ command }) =>
    (command.kind === 'create' || command.kind === 'keyed') && command.spec !== undefined
      ? [command.spec]
      : [],
  );
}

interface JobOptions {
  readonly maker: TreeMaker;
  readonly focus: Focus;
}

function actionsForJob(chance: Chance, key: JobKey, options: JobOptions): UserAction[] {
  const begin = chance.below(300);
  const first = drawSpec(chance, key, options);
  const creations = creationsOf(chance, { ...options, key, begin, first });
  return [
    ...creations,
    ...pausesOf(chance, key, begin),
    ...retriesOf(chance, key, first),
    ...editsOf(chance, key, begin),
  ];
}

function drawSpec(chance: Chance, { partition, job }: JobKey, { maker, focus }: JobOptions): JobSpec {
  const isSmall = FOLLOWERS.some((follower) => follower.job === job);
  if (focus === 'splitErrors') return specOf(chance, maker, { isSmall, ids: [], hasSplitErrors: true });
  const ids = partition === 'north' ? PREREQUISITE_IDS.filter((id) => id !== job) : [];
  const runsTemplate = focus === 'templates' && chance.is(TEMPLATED_JOBS);
  return runsTemplate ? flowJobOf(chance, maker, ids) : specOf(chance, maker, { isSmall, ids });
}

interface CreationOptions extends JobOptions {
  readonly key: JobKey;
  readonly begin: number;
  readonly first: JobSpec;
}

/** Creates a job, and perhaps cancels it, or deletes it and creates it again under the same id. */
function creationsOf(chance: Chance, { key, begin, first, ...options }: CreationOptions): UserAction[] {
  const user = `owner of ${key.partition}/${key.job}`;
  let at = begin;
  const actions: UserAction[] = [{ at, user, key, command: { kind: 'create', spec: first } }];
  if (chance.is(0.12)) actions.push({ at: at + chance.below(6_000), user, key, command: { kind: 'cancel' } });
  for (let isCreatedAgain = chance.is(0.3); isCreatedAgain; isCreatedAgain = chance.is(0.3)) {
    at += chance.pick([200, 3_000, 20_000, 5 * MINUTE]) + chance.below(1_000);
    actions.push({
      at,
      user,
      key,
      command: { kind: 'delete' },
      ...(chance.is(0.1) ? { isGuarded: true } : {}),
    });
    if (chance.is(0.3)) break;
    at += chance.below(500);
    actions.push({ at, user, key, command: { kind: 'create', spec: drawSpec(chance, key, options) } });
  }
  return actions;
}

/** Pauses at any moment, most of them followed by a resume. */
function pausesOf(chance: Chance, key: JobKey, begin: number): UserAction[] {
  const user = `operator of ${key.partition}/${key.job}`;
  const actions: UserAction[] = [];
  let at = begin;
  for (let pauses = chance.pick([0, 0, 1, 3]); pauses > 0; pauses -= 1) {
    at += chance.below(chance.pick([50, 2_000, 20_000]));
    if (chance.is(0.95)) actions.push({ at, user, key, command: { kind: 'pause' } });
    at += chance.below(chance.pick([50, 6_000, 60_000]));
    if (chance.is(0.9)) actions.push({ at, user, key, command: { kind: 'resume' } });
  }
  return actions;
}

/** Draws retries, most of them after the job is final, a few at any time. */
function retriesOf(chance: Chance, key: JobKey, spec: JobSpec): UserAction[] {
  const user = `retrier of ${key.partition}/${key.job}`;
  return Array.from({ length: chance.pick([0, 0, 1, 2, 4]) }, (): UserAction => {
    const guard = chance.is(0.3) ? { isGuarded: true as const } : {};
    const time = chance.is(0.9)
      ? { at: chance.below(chance.pick([50, 5_000, 30_000])), atEnd: true as const }
      : { at: chance.below(30_000) };
    return { ...time, ...guard, user, key, command: drawRetry(chance, spec) };
  });
}

/** Draws edits, and sometimes another cancel or delete, and a resubmission. */
function editsOf(chance: Chance, key: JobKey, begin: number): UserAction[] {
  const user = `editor of ${key.partition}/${key.job}`;
  const actions: UserAction[] = [];
  for (let edits = chance.pick([0, 0, 1, 3]); edits > 0; edits -= 1) {
    const at = begin + chance.below(chance.pick([500, 20_000]));
    const guard = chance.is(0.2) ? { isGuarded: true as const } : {};
    actions.push({ at, ...guard, user, key, command: drawEdit(chance) });
  }
  if (chance.is(0.05)) {
    const command = { kind: chance.pick<'cancel' | 'delete'>(['cancel', 'delete']) };
    actions.push({ at: begin + chance.below(20_000), user, key, command });
  }
  if (chance.is(0.15)) {
    const command: Command = { kind: 'resubmit', id: chance.pick(RESUBMITTED_IDS) };
    const isEarly = chance.is(0.1);
    actions.push({
      at: chance.below(20_000),
      ...(isEarly ? {} : { atEnd: true }),
      user: `${user}, once more`,
      key,
      command,
    });
  }
  return actions;
}

/** Draws low slot limits and suspensions. The last setting is never suspended. */
function settingsOf(chance: Chance): UserAction[] {
  let at = 0;
  const changes = chance.between(1, 3);
  return Array.from({ length: changes }, (_, position): UserAction => {
    at += chance.below(chance.pick([50, 2_000, 20_000]));
    const isSuspended = position < changes - 1 && chance.is(0.5);
    const command = drawSettings(chance, isSuspended);
    return { at, user: 'admin of slots', key: { partition: 'north', job: '' }, command };
  });
}

function bulkActionsOf(chance: Chance): UserAction[] {
  return Array.from({ length: chance.between(1, 3) }, (): UserAction => {
    const partition = chance.pick(['north', 'north', 'south']);
    const at = chance.below(chance.pick([500, 20_000]));
    return { at, user: `admin of ${partition}`, key: { partition, job: '' }, command: drawBulk(chance) };
  });
}

const IDEMPOTENCY_KEYS = ['k1', 'k1', 'k2'];

/** Draws POST requests of several users at similar times, most of them equal. Some repeat after the job has ended. */
function keyedRequestsOf(chance: Chance, maker: TreeMaker): UserAction[] {
  const key: JobKey = { partition: 'north', job: 'a' };
  const specs = [1, 2].map(() => specOf(chance, maker, { isSmall: true, ids: PREREQUISITE_IDS }));
  const begin = chance.below(chance.pick([300, 20_000]));
  const actions = Array.from({ length: chance.between(2, 5) }, (_, position): UserAction => {
    const spec = chance.pick([specs[0], specs[0], specs[0], specs[1], undefined]);
    const command: Command = {
      kind: 'keyed',
      idempotencyKey: chance.pick(IDEMPOTENCY_KEYS),
      ...omitUndefined({ spec }),
    };
    const user = `client ${position}`;
    const at = chance.below(chance.pick([20, 5_000]));
    return spec === undefined && chance.is(0.9)
      ? { at, atEnd: true, user, key, command }
      : { at: begin + at, user, key, command };
  });
  if (chance.is(0.2)) actions.push(...bulkActionsOf(chance));
  return actions;
}
