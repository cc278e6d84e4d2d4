import type { JobTypeSummary, Jobtree, Splitter, TemplateSummary, Worker } from '../../client/index.ts';
import type { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import type { Column } from '../output/table.ts';
import { partitionOf } from '../settings/connection.ts';

type Kind = 'templates' | 'types' | 'workers' | 'splitters';
type Entry = TemplateSummary | JobTypeSummary | Worker | Splitter;

const SINGULAR: Readonly<Record<Kind, string>> = {
  templates: 'template',
  types: 'job type',
  workers: 'worker',
  splitters: 'splitter',
};

/** Returns the command that lists templates, job types, workers or splitters, or shows one. */
export function runOf(kind: Kind) {
  return async ({ output, signal, connect }: Context, _options: object, name?: string): Promise<void> => {
    const connection = connect();
    const jobtree = connection.partition === undefined ? connection.jobtree : partitionOf(connection);
    const isGlobal = connection.partition === undefined;
    if (name !== undefined) return output.json(await one(jobtree, kind, { name, isGlobal, signal }));
    const entries = await list(jobtree, kind, { isGlobal, signal });
    const columns: Column<Entry>[] = [
      { title: 'NAME', value: (entry) => entry.name },
      ...(kind === 'templates' || kind === 'types'
        ? [{ title: 'SCOPE', value: (entry: Entry) => ('scope' in entry ? String(entry.scope) : '') }]
        : []),
      { title: 'DESCRIPTION', value: ({ description }) => description, isFlexible: true },
    ];
    const count = await output.list(entries, columns, `There are no ${kind}.`);
    if (output.isForPeople && count > 0) output.note(`See the schema of one: jobtree ${kind} NAME`);
  };
}

interface Reading {
  readonly isGlobal: boolean;
  readonly signal: AbortSignal;
}

function list(jobtree: Jobtree, kind: Kind, { isGlobal, signal }: Reading): Promise<Entry[]> {
  switch (kind) {
    case 'templates':
      return (isGlobal ? jobtree.globalTemplates : jobtree.templates).list({ signal });
    case 'types':
      return (isGlobal ? jobtree.globalJobTypes : jobtree.jobTypes).list({ signal });
    case 'workers':
      return jobtree.workers({ signal });
    case 'splitters':
      return jobtree.splitters({ signal });
  }
}

async function one(jobtree: Jobtree, kind: Kind, reading: Reading & { name: string }): Promise<unknown> {
  const { name, isGlobal, signal } = reading;
  if (kind === 'templates')
    return (isGlobal ? jobtree.globalTemplates : jobtree.templates).get(name, { signal });
  if (kind === 'types') return (isGlobal ? jobtree.globalJobTypes : jobtree.jobTypes).get(name, { signal });
  const entries = await list(jobtree, kind, reading);
  const found = entries.find((entry) => entry.name === name);
  if (found !== undefined) return found;
  const existing = entries.map((entry) => entry.name).join(', ') || 'none';
  throw new CliError(`the ${SINGULAR[kind]} '${name}' does not exist; existing: ${existing}`, {
    exitCode: EXIT.notFound,
  });
}
