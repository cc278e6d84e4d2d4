/** Jobs that a command acts on: the named ones, or all that match. */

import { createInterface } from 'node:readline/promises';
import { omitUndefined } from '#core/omit-undefined.ts';
import { type BulkCriteria, quoted } from '../client/index.ts';
import type { Context } from './context.ts';
import { usageError } from './errors.ts';

export interface SelectionOptions {
  readonly filter?: string;
  readonly label?: readonly string[];
  readonly startsWith?: string;
  readonly all?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

/** Returns the criteria of the options, or `undefined` if jobs are named. Throws if neither or both are given. */
export function criteriaOf(jobs: readonly string[], options: SelectionOptions): BulkCriteria | undefined {
  const { filter, label = [], startsWith, all } = options;
  const isBulk = filter !== undefined || label.length > 0 || startsWith !== undefined;
  const how = 'Name the jobs, or select them with --filter, --label, --starts-with or --all.';
  if (jobs.length > 0) {
    if (isBulk || all) throw usageError('jobs are named, and also selected by an option', 'Use one of them.');
    return undefined;
  }
  if (!isBulk) {
    if (all) return { all: true };
    throw usageError('no job is selected', how);
  }
  if (all) throw usageError('--all excludes the other options that select jobs');
  const conditions = [filter && `(${filter})`, ...labelConditions(label)].filter(Boolean);
  const keys = labelKeys(label);
  return {
    ...(conditions.length > 0 && { filter: conditions.join(';') }),
    ...(keys.length > 0 && { labelExist: keys }),
    ...omitUndefined({ jobIdStartsWith: startsWith }),
  };
}

/** Labels without a value. */
export function labelKeys(labels: readonly string[]): string[] {
  return labels.filter((label) => !label.includes('='));
}

/** Returns `key=value` as comparisons, in which * is a wildcard. */
export function labelConditions(labels: readonly string[]): string[] {
  return labels.flatMap((label) => {
    const at = label.indexOf('=');
    return at < 0 ? [] : [`labels.${label.slice(0, at)}==${quoted(label.slice(at + 1))}`];
  });
}

/** Asks the user, unless --yes is set. Without a terminal, --yes is required. */
export async function isConfirmed(
  context: Context,
  question: string,
  { yes }: SelectionOptions,
): Promise<boolean> {
  if (yes) return true;
  const { output, signal } = context;
  if (!process.stdin.isTTY)
    throw usageError(`${question} The input is not a terminal.`, 'Pass --yes to confirm.');
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    // readline receives Ctrl-C itself while it reads.
    const asked = AbortSignal.any([signal, interruptOf(prompt)]);
    const answer = await prompt.question(`${question} [y/N] `, { signal: asked });
    if (/^y(es)?$/i.test(answer.trim())) return true;
  } catch (error) {
    if (!(error instanceof Error && error.name === 'AbortError')) throw error;
    output.stderr.write('\n');
  } finally {
    prompt.close();
  }
  output.note('Nothing was changed.');
  return false;
}

function interruptOf(prompt: { once(event: 'SIGINT', listener: () => void): unknown }): AbortSignal {
  const controller = new AbortController();
  prompt.once('SIGINT', () => controller.abort());
  return controller.signal;
}
