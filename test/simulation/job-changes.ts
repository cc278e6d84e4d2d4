/** Checks each change of a job: the model allows it, its author may make it, and the history records it. */
import { type HistoryEntry, SYSTEM } from '#core/history.ts';
import { generationOf, type Job } from '#core/job.ts';
import type { Row } from '#core/ports.ts';
import { jobOfKey } from '../../functions/store/keys.ts';
import type { ChangeRecord } from '../support/memory/table.ts';
import { areEqual } from '../support/memory/values.ts';
import type { ApiCall } from './chronicle.ts';
import { rulesOf } from './commands/catalogue.ts';
import type { JobChange, JobState } from './commands/command.ts';
import { checkEnd, checkReason } from './end-checks.ts';
import { checkFlowEnd } from './flow-checks.ts';
import type { Role } from './functions.ts';
import { isFinal, isVerb, MOVES, statusAfter } from './job-model.ts';
import { checkRestart, expectRestarts } from './restart-checks.ts';
import type { Assignment } from './stage.ts';
import { checkDependentFailure, checkDispatch, checkExpiry, isDueDeletion } from './start-checks.ts';
import { isBeforeStart } from './start-model.ts';
import { runId } from './truth.ts';
import type { Watch } from './watch.ts';

/** Checks that each change of a job row has exactly one history entry. */
export function checkJobs(watch: Watch, by: Assignment, changes: readonly ChangeRecord[]): void {
  const entries = changes.filter(({ key }) => key.sk.startsWith('H#'));
  const entriesWithChange = new Set<ChangeRecord>();
  for (const { key, old, new: row } of changes) {
    const job = jobOfKey(key.pk);
    if (key.sk !== 'JOB' || job === undefined) continue;
    if (row === undefined) {
      watch.violated('a job row is never removed', key.pk);
      continue;
    }
    const before = stateOf(old);
    const after = stateOf(row);
    const entry = entries.find((candidate) => after !== undefined && isEntryOf(candidate, row, after));
    if (entry !== undefined) entriesWithChange.add(entry);
    const change: JobChange = { key: job, before, after, entry: entry?.new as HistoryEntry | undefined };
    checkChange(watch, by, change, old);
    if (after !== undefined && isEnd(change)) checkReason(watch, after, changes);
    watch.chronicle.recordState(job, after, watch.clock.now());
  }
  for (const { key, old, new: row } of entries) {
    if (row === undefined ? roleOf(by) === 'dispatch' : old === undefined) continue;
    watch.violated('history entries are only added', `${by.name}: ${key.pk} ${key.sk}`);
  }
  for (const entry of entries) {
    if (entry.new !== undefined && !entriesWithChange.has(entry))
      watch.violated('each history entry has its change', `${entry.key.pk} ${entry.key.sk}`);
  }
}

function isEnd({ entry }: JobChange): boolean {
  return entry?.verb === 'complete' || entry?.verb === 'fail';
}

/** Keys of indexes, and other attributes that readers of a job do not see. */
const HIDDEN_ATTRIBUTES = ['pk', 'sk', 'listPk', 'listSk', 'duePk', 'dueSk', 'ttl', 'renewals'];

function stateOf(row: Row | undefined): JobState {
  if (row === undefined || row['status'] === 'Deleted') return undefined;
  return without(row, HIDDEN_ATTRIBUTES) as unknown as Job;
}

function isEntryOf({ key }: ChangeRecord, { pk }: Row, job: Job): boolean {
  return key.pk === `${pk}#R${generationOf(job)}` && Number(key.sk.slice('H#'.length)) === job.version;
}

function checkChange(watch: Watch, by: Assignment, change: JobChange, old: Row | undefined): void {
  const { before, after } = change;
  if (before === undefined && after === undefined) return;
  if (before !== undefined && after !== undefined && before.version === after.version) {
    checkFollowUp(watch, by, before, after);
    return;
  }
  checkAuthor(watch, by, change);
  if (after === undefined) recordDeletion(watch, before);
  else if (before === undefined) checkCreation(watch, change.entry, after, old);
  else checkVersion(watch, change.entry, before, after);
}

/**
 * Attributes that users do not see: follow-up work, the state of the start, and the result to apply on
 * resume.
 */
const INTERNAL_ATTRIBUTES = [
  'followUp',
  'endTotals',
  'unclearedFrom',
  'clearDue',
  'progressSeen',
  'prerequisites',
  'startDue',
  'startRevision',
  'queued',
];

function checkFollowUp(watch: Watch, by: Assignment, before: Job, after: Job): void {
  if (!areEqual(without(before, INTERNAL_ATTRIBUTES), without(after, INTERNAL_ATTRIBUTES)))
    watch.violated('each change has its version', `${by.name}: ${runId(after)} ${after.version}`);
  if (before.followUp !== undefined && after.followUp === undefined && roleOf(by) !== 'dispatch')
    watch.violated(
      'only the dispatcher clears the follow-up work of a job',
      `${by.name}: ${runId(after)} ${before.followUp}`,
    );
}

function without(row: object, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));
}

function checkAuthor(watch: Watch, by: Assignment, change: JobChange): void {
  const { entry, key } = change;
  const verb = entry?.verb;
  const description = `${by.name}: ${JSON.stringify(key)} ${change.before?.status} → ${change.after?.status} ${JSON.stringify(entry)}`;
  const apiCall = watch.chronicle.apiCall(by.name);
  if (apiCall !== undefined) {
    if (!isAllowed(apiCall, change))
      watch.violated('a request makes only the changes it asks for', description);
    if (change.after !== undefined && entry?.actor !== by.name)
      watch.violated('the history names the author of each change', description);
    if (apiCall.changes.some((other) => other.key.job === key.job))
      watch.violated('a request changes a job once', description);
    apiCall.changes.push(change);
    return;
  }
  const role = roleOf(by);
  if (isVerb(verb) && (MOVES[verb].by as readonly Role[]).includes(role)) {
    if (entry?.actor !== SYSTEM) watch.violated('the history names the author of each change', description);
    return;
  }
  if (
    (role === 'dispatch' || role === 'sweep') &&
    change.after === undefined &&
    change.before !== undefined &&
    isDueDeletion(watch, change.before)
  )
    return;
  const bulk = role === 'dispatch' ? bulkOf(watch, change) : undefined;
  if (
    verb === 'retry' &&
    [...(bulk?.changes ?? []), ...(bulk?.changesOnBehalf ?? [])].some((other) => other.key.job === key.job)
  )
    watch.violated('a bulk retry runs a job once', description);
  bulk?.changesOnBehalf.push(change);
  if (bulk === undefined) watch.violated('functions make only the changes of their role', description);
}

/** Returns the request of the user for whom a background bulk action works. */
function bulkOf(watch: Watch, change: JobChange): ApiCall | undefined {
  const { actor } = change.entry ?? {};
  return [...watch.chronicle.apiCalls()].find(
    (apiCall) =>
      apiCall.action.command.kind === 'bulk' &&
      (change.after === undefined || apiCall.name === actor) &&
      isAllowed(apiCall, change),
  );
}

function isAllowed({ action: { command, key }, version }: ApiCall, change: JobChange): boolean {
  if (version !== undefined && change.before?.version !== version) return false;
  return rulesOf(command).allows(command, key, change);
}

function roleOf({ name }: Assignment): Role {
  return name.split('#')[0] as Role;
}

function recordDeletion(watch: Watch, job: JobState): void {
  if (job === undefined) return;
  for (let runNumber = generationOf(job); runNumber <= job.runNumber; runNumber += 1) {
    const truth = watch.truthOf({ ...job, runNumber });
    truth.isDeleted = true;
    truth.endedAt ??= watch.clock.now();
  }
}

function checkCreation(watch: Watch, entry: HistoryEntry | undefined, job: Job, old: Row | undefined): void {
  const spec = watch.specOf(job.externalData);
  const status = spec?.hold === true ? 'Paused' : 'Waiting';
  const isNew = job.runNumber === Number(old?.['runNumber'] ?? 0) + 1 && job.version === 1;
  const hasEntry = entry?.verb === 'create' && entry.from === undefined && entry.to === status;
  if (!isNew || job.status !== status || job.firstRunNumber !== undefined || !hasEntry)
    watch.violated('a job is created once', `${runId(job)} ${JSON.stringify(job)} ${JSON.stringify(entry)}`);
  const truth = watch.truthOf(job);
  truth.begin(spec);
  recordPause(watch, job);
}

function recordPause(watch: Watch, job: Job): void {
  const truth = watch.truthOf(job);
  truth.pausedAt = job.status === 'Paused' ? (truth.pausedAt ?? watch.clock.now()) : undefined;
  truth.wasChanged ||= job.status === 'Paused';
}

function checkVersion(watch: Watch, entry: HistoryEntry | undefined, before: Job, after: Job): void {
  const change = `${runId(before)}: ${before.status} → ${runId(after)} ${after.status} ${JSON.stringify(entry)}`;
  if (after.version !== before.version + 1) watch.violated('each change has its version', change);
  if (before.followUp !== undefined && after.followUp === undefined)
    watch.violated('only the dispatcher clears the follow-up work of a job', change);
  if (entry === undefined) watch.violated('each change is in the history', change);
  else if (entry.verb !== 'edit') checkMove(watch, entry, before, after);
  else if (after.status !== before.status || after.runNumber !== before.runNumber)
    watch.violated('an edit does not change the status', change);
  else watch.truthOf(after).wasChanged = true;
}

function checkMove(watch: Watch, entry: HistoryEntry, before: Job, after: Job): void {
  const change = `${runId(before)}: ${before.status} → ${runId(after)} ${after.status} ${JSON.stringify(entry)}`;
  if (!isVerb(entry.verb) || statusAfter(entry.verb, before) !== after.status)
    watch.violated(
      isFinal(before) ? 'a final status never changes' : 'a status changes only as the table allows',
      change,
    );
  if (entry.from !== before.status || entry.to !== after.status)
    watch.violated('the history records the status change', change);
  const command = watch.chronicle.apiCall(entry.actor)?.action.command;
  if (command?.kind === 'retry' && command.restartDependents === true) expectRestarts(watch, after);
  if (entry.verb === 'retry') {
    checkRetry(watch, entry, before, after);
    return;
  }
  if (after.runNumber !== before.runNumber) watch.violated('only a retry begins a new run', change);
  if (entry.verb === 'restart') {
    checkRestart(watch, before, after);
    return;
  }
  if (entry.verb === 'dispatch') checkDispatch(watch, before, after);
  if (entry.verb === 'expire') checkExpiry(watch, entry, before);
  if (entry.verb === 'fail' && isBeforeStart(before)) checkDependentFailure(watch, after);
  const truth = watch.truthOf(after);
  recordPause(watch, after);
  if (isFinal(after)) truth.endedAt ??= watch.clock.now();
  truth.isComplete = after.totals !== undefined;
  if (truth.flow !== undefined && isFinal(after)) checkFlowEnd(watch, truth, truth.flow, after);
  else if (after.totals !== undefined) checkEnd(watch, truth, after, after.totals);
  if (after.status === 'Completed' && after.totals === undefined)
    watch.violated('a completed job has totals', change);
}

/** Checks that a retry starts a new run of the same job and takes over its records. */
function checkRetry(watch: Watch, entry: HistoryEntry, before: Job, after: Job): void {
  const where = `${runId(before)} → ${runId(after)}`;
  if (after.runNumber !== before.runNumber + 1 || generationOf(after) !== generationOf(before))
    watch.violated('a retry uses the next run number', where);
  if ((before.totals?.failed ?? 0) === 0) watch.violated('only a job with failed items is retried', where);
  const resultFields = [after.totals, after.endTotals, after.endTime, after.activeMillis];
  if (resultFields.some((value) => value !== undefined))
    watch.violated('a new run starts without results', JSON.stringify(after));
  const command = watch.chronicle.apiCall(entry.actor)?.action.command;
  const truth = watch.truthOf(after);
  truth.begin(watch.specOf(after.externalData));
  const retry = command?.kind === 'bulk' ? ({ kind: 'retry' } as const) : command;
  if (retry?.kind === 'retry' && after.runNumber > before.runNumber)
    truth.beginRetry(watch.truthOf(before), retry, before.totals);
}
