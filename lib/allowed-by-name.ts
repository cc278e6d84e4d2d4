/** Parses the names that jobs may use from the context values of a deployment. */
import { idProblem } from '#contract/ids.ts';
import { omitUndefined } from '#core/omit-undefined.ts';

interface Named {
  readonly name: string;
  /** The only partitions whose jobs may use it; absent: all partitions. */
  readonly partitions?: readonly string[];
}

/** A secret in Secrets Manager by name, with the servers that its headers may be sent to. */
export interface NamedSecret extends Named {
  readonly origins: readonly string[];
}

/** A function in the account and region of the stack. */
export type NamedFunction = Named;

/** Neither names of secrets and functions nor ids of partitions may contain a colon. */
const PARTITIONS = '((?::[^:]*)*)';
const SECRET = new RegExp(String.raw`^(?!arn:)([\w/+=.@-]{1,100})${PARTITIONS}@(https?://.+)$`);
const FUNCTION = new RegExp(String.raw`^(?!arn:)([\w-]{1,64})${PARTITIONS}$`);

/**
 * Parses `-c httpSecrets=name@https://host,name:partition:partition@https://host,…`. A name that is listed
 * several times has several origins.
 */
export function secretsFromContext(text: string | undefined): NamedSecret[] {
  const entries = splitList(text).map((entry) => {
    const [, name, partitions = '', origin] = SECRET.exec(entry) ?? [];
    if (name !== undefined && origin !== undefined) {
      return { name, origin, partitions: partitionsIn('httpSecrets', entry, partitions) };
    }
    throw new Error(
      `httpSecrets has '${entry}'; each entry must be <secret name>@<origin that may receive it>, such as ` +
        '-c httpSecrets=partner@https://api.example.com,partner@https://eu.example.com; ' +
        'for some partitions only, <name>:<partition>:<partition>@<origin>',
    );
  });
  return mergeByName('httpSecrets', entries).map(({ entries: sameName, ...named }) => ({
    ...named,
    origins: sameName.map(({ origin }) => origin),
  }));
}

/**
 * Parses `-c invokableFunctions=name,name:partition:partition,…`: functions in the account and region of the
 * stack.
 */
export function functionsFromContext(text: string | undefined): NamedFunction[] {
  const entries = splitList(text).map((entry) => {
    const [, name, partitions = ''] = FUNCTION.exec(entry) ?? [];
    if (name !== undefined) {
      return { name, partitions: partitionsIn('invokableFunctions', entry, partitions) };
    }
    throw new Error(
      `invokableFunctions has '${entry}', which is not a function name; list functions in this account and region, ` +
        'such as -c invokableFunctions=resize,classify, or classify:<partition>:<partition> for some partitions only; ' +
        'pass other functions as `invokableFunctions` of the construct',
    );
  });
  return mergeByName('invokableFunctions', entries).map(({ entries: _entries, ...named }) => named);
}

/** Returns `undefined` for all partitions. */
function partitionsIn(property: string, entry: string, text: string): readonly string[] | undefined {
  if (text === '') return undefined;
  const partitions = text.slice(1).split(':');
  for (const partition of partitions) {
    const problem = idProblem('partition', partition);
    if (problem !== undefined) throw new Error(`${property} has '${entry}': ${problem}`);
  }
  return partitions;
}

interface Entry {
  readonly name: string;
  readonly partitions: readonly string[] | undefined;
}

/**
 * Merges the entries of each name. Throws if they differ in their partitions, because it is unclear which are
 * meant.
 */
function mergeByName<E extends Entry>(property: string, entries: readonly E[]) {
  return [...Map.groupBy(entries, ({ name }) => name)].map(([name, sameName]) => {
    const spellings = new Set(sameName.map((entry) => entry.partitions?.toSorted().join(':')));
    if (spellings.size > 1) {
      throw new Error(
        `${property} lists '${name}' with different partitions; use the same partitions in each of its entries`,
      );
    }
    const [partitions] = spellings;
    return {
      name,
      entries: sameName,
      ...omitUndefined({ partitions: partitions?.split(':') }),
    };
  });
}

/** Splits a comma-separated list. */
export function splitList(text = ''): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}
