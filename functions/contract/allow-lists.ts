/** What a stack lets jobs use by name, in the variables `JOBTREE_SECRETS` and `JOBTREE_FUNCTIONS`. */

/** A name that jobs of these partitions may use; without partitions, all jobs. */
export interface AllowedName {
  readonly partitions?: readonly string[];
}
export type AllowedNames = Readonly<Record<string, AllowedName>>;

/** Headers for the worker `http`: a secret whose text is a JSON object, header → value. */
export interface AllowedSecret extends AllowedName {
  readonly arn: string;
  /** Where the headers may be sent, such as `https://api.example.com`. */
  readonly origins: readonly string[];
}
export type AllowedSecrets = Readonly<Record<string, AllowedSecret>>;

/** A function for the worker `invoke-lambda`. */
export interface AllowedFunction extends AllowedName {
  readonly arn: string;
}
export type AllowedFunctions = Readonly<Record<string, AllowedFunction>>;

/** The two lists: which parameter of which worker names an entry, and the property of the stack that holds it. */
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

/** The entry of that name, if jobs of the partition may use it. Without a partition, any entry. */
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

/** Why a job may not use this name. An entry of other partitions looks like one that does not exist. */
export function notAllowed(
  { noun, property }: Pick<AllowList, 'noun' | 'property'>,
  name: string,
  list: AllowedNames,
  partition: string | undefined,
): string {
  const names = Object.keys(list).filter((each) => allowedEntry(list, each, partition) !== undefined);
  const known = names.length === 0 ? 'the stack allows none' : `there are: ${names.join(', ')}`;
  return `${noun} '${name}' may not be used; ${known}. Add it to ${property} of the stack`;
}
