/**
 * Secrets and functions that a stack lets jobs use by name, in the variables `JOBTREE_SECRETS` and
 * `JOBTREE_FUNCTIONS`.
 */

/** Restricts a name to jobs of these partitions; without partitions, all jobs may use it. */
export interface AllowedName {
  readonly partitions?: readonly string[];
}
export type AllowedNames = Readonly<Record<string, AllowedName>>;

/** Headers for the worker `http`: a secret whose string is a JSON object from header to value. */
export interface AllowedSecret extends AllowedName {
  readonly arn: string;
  /** Origins that may receive the headers, such as `https://api.example.com`. */
  readonly origins: readonly string[];
}
export type AllowedSecrets = Readonly<Record<string, AllowedSecret>>;

/** A Lambda function for the worker `invoke-lambda`. */
export interface AllowedFunction extends AllowedName {
  readonly arn: string;
}
export type AllowedFunctions = Readonly<Record<string, AllowedFunction>>;

/**
 * The two lists: the worker and its parameter that name an entry, and the property of the stack that contains
 * it.
 */
export const ALLOW_LISTS = [
  { list: 'secrets', noun: 'secret', worker: 'http', parameter: 'secret', property: 'httpSecrets' },
  {
    list: 'functions',
    noun: 'function',
    worker: 'invoke-lambda',
    parameter: 'function',
    property: 'invokableFunctions',
  },
] as const;
export type AllowList = (typeof ALLOW_LISTS)[number];
export const [SECRETS, FUNCTIONS] = ALLOW_LISTS;

/**
 * Returns the entry of that name, if jobs of the partition may use it. Without a partition, any entry is
 * allowed.
 */
export function allowedEntry<T extends AllowedName>(
  list: Readonly<Record<string, T>>,
  name: string,
  partition: string | undefined,
): T | undefined {
  const entry = Object.hasOwn(list, name) ? list[name] : undefined;
  return entry !== undefined && mayUse(entry, partition) ? entry : undefined;
}

function mayUse({ partitions }: AllowedName, partition: string | undefined): boolean {
  return partitions === undefined || partition === undefined || partitions.includes(partition);
}

/** Returns why a job may not use this name. An entry of other partitions looks the same as a missing one. */
export function notAllowedMessage(
  { noun, property }: Pick<AllowList, 'noun' | 'property'>,
  name: string,
  list: AllowedNames,
  partition: string | undefined,
): string {
  const names = Object.keys(list).filter((each) => allowedEntry(list, each, partition) !== undefined);
  const allowed = names.length === 0 ? 'the stack allows none' : `allowed: ${names.join(', ')}`;
  return `${noun} '${name}' is not allowed; ${allowed}. Add it to ${property} of the stack`;
}
