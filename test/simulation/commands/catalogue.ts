/** All commands that simulated users can issue. */
import type { JobKey } from '#core/job.ts';
import { type Bulk, bulk } from './bulk.ts';
import type { Rules } from './command.ts';
import { type Control, control } from './control.ts';
import { type Create, create } from './create.ts';
import { type Edit, edit } from './edit.ts';
import { type Keyed, keyed } from './keyed.ts';
import { type Remove, remove } from './remove.ts';
import { type Resubmit, resubmit } from './resubmit.ts';
import { type Retry, retry } from './retry.ts';
import { type PutSettings, putSettings } from './settings.ts';

export type Command = Create | Control | Remove | Retry | Edit | Resubmit | Bulk | PutSettings | Keyed;

const CATALOGUE: { readonly [K in Command['kind']]: Rules<Extract<Command, { kind: K }>> } = {
  create,
  cancel: control as Rules<Control & { kind: 'cancel' }>,
  pause: control as Rules<Control & { kind: 'pause' }>,
  resume: control as Rules<Control & { kind: 'resume' }>,
  delete: remove,
  retry,
  edit,
  resubmit,
  bulk,
  settings: putSettings,
  keyed,
};

export function rulesOf(command: Command): Rules<Command> {
  return CATALOGUE[command.kind] as Rules<Command>;
}

/** Returns the ids of the jobs that the command may touch, or `*` for all jobs of the partition. */
export function touchedBy(command: Command, key: JobKey): readonly string[] {
  return rulesOf(command).touches?.(command, key) ?? [key.job];
}
