/** Draws many tiny jobs of one partition at the same time. They compete for slots, start as their prerequisites end, or expire. */
import type { Expiry } from '#core/expiry-policy.ts';
import type { JobKey } from '#core/job.ts';
import type { Chance } from './chance.ts';
import type { Command } from './commands/catalogue.ts';
import { drawEdit } from './commands/edit.ts';
import { type JobSpec, specOf } from './job-specs.ts';
import type { StartSpec } from './job-starts.ts';
import type { TreeMaker } from './trees.ts';
import type { UserAction } from './user-actions.ts';

type Contest = 'slots' | 'prerequisites' | 'expiry';

const PARTITION = 'north';
const IDS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const MAX_EXPIRY_SECONDS = 3;
/** Every job is created within this time. */
const CREATION_MILLIS = 50;

export function crowdOf(chance: Chance, maker: TreeMaker): UserAction[] {
  const contest = chance.pick<Contest>(['slots', 'prerequisites', 'expiry']);
  const ids = IDS.slice(0, chance.between(4, IDS.length));
  const actions = ids.flatMap((id, position) =>
    actionsOfJob(chance, maker, contest, [id, ids.slice(0, position)]),
  );
  if (contest !== 'prerequisites' || chance.is(0.3)) actions.push(limitOf(chance));
  if (contest === 'prerequisites') actions.push(...retriesOf(chance, ids));
  return actions.sort((a, b) => a.at - b.at);
}

function actionsOfJob(
  chance: Chance,
  maker: TreeMaker,
  contest: Contest,
  [job, earlierIds]: readonly [string, readonly string[]],
): UserAction[] {
  const key: JobKey = { partition: PARTITION, job };
  const at = chance.below(CREATION_MILLIS);
  const drawn = specOf(chance, maker, { isSmall: true, ids: [] });
  // A job that fails with all its items recorded can be retried, and its dependents with it.
  const mayFail = contest === 'prerequisites' && chance.is(0.5);
  const spec: JobSpec = {
    ...drawn,
    plan: mayFail ? { ...drawn.plan, onItemFailure: 'failAtEnd' } : drawn.plan,
    hold: contest === 'expiry' && chance.is(0.3),
    start: startOf(chance, contest, earlierIds),
  };
  const creation: UserAction = { at, user: `owner of ${job}`, key, command: { kind: 'create', spec } };
  return contest === 'expiry' ? [creation, ...changesOf(chance, key)] : [creation];
}

function startOf(chance: Chance, contest: Contest, earlierIds: readonly string[]): StartSpec {
  const priority = { priority: chance.below(10) };
  if (contest === 'expiry') return { ...priority, expiry: expiryOf(chance) };
  if (contest === 'slots' || earlierIds.length === 0) return priority;
  const prerequisiteJobIds = Array.from({ length: chance.between(1, 2) }, () => chance.pick(earlierIds));
  const onPrerequisiteFailure = chance.pick(['fail', 'ignore'] as const);
  return { ...priority, prerequisiteJobIds, onPrerequisiteFailure };
}

/** Draws an expiry policy for each status that is not final. */
function expiryOf(chance: Chance): Expiry {
  const draw = () => ({ expiryTime: `createTime+PT${chance.between(1, MAX_EXPIRY_SECONDS)}S` });
  return { waiting: draw(), active: draw(), paused: draw() };
}

/** Draws changes of a job around the time of its expiry. */
function changesOf(chance: Chance, key: JobKey): UserAction[] {
  return Array.from({ length: chance.between(1, 4) }, (_, position): UserAction => {
    const command = chance.pick<Command>([{ kind: 'pause' }, { kind: 'resume' }, drawEdit(chance)]);
    return {
      at: 1_000 + chance.below(1_000 * MAX_EXPIRY_SECONDS),
      user: `editor ${position} of ${key.job}`,
      key,
      command,
    };
  });
}

/** Draws retries after most jobs have ended. They restart the jobs that failed because of a prerequisite. */
function retriesOf(chance: Chance, ids: readonly string[]): UserAction[] {
  return ids.flatMap((job): UserAction[] => {
    const at = 20_000 + chance.below(40_000);
    const command: Command = { kind: 'retry', patch: { does: 's' }, restartDependents: chance.is(0.7) };
    const user = `repairer of ${job}`;
    return chance.is(0.5) ? [{ at, user, key: { partition: PARTITION, job }, command }] : [];
  });
}

function limitOf(chance: Chance): UserAction {
  const command: Command = { kind: 'settings', maxActiveJobs: chance.between(1, 2), suspended: false };
  return { at: 0, user: 'admin of slots', key: { partition: PARTITION, job: '' }, command };
}
