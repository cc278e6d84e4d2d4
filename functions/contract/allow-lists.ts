/** What a stack lets jobs use by name, in the variables `JOBTREE_SECRETS` and `JOBTREE_FUNCTIONS`. */

/** Headers for the worker `http`: a secret whose text is a JSON object, header → value. */
export interface AllowedSecret {
  readonly arn: string;
  /** Where the headers may be sent, such as `https://api.example.com`. */
  readonly origins: readonly string[];
}
export type AllowedSecrets = Readonly<Record<string, AllowedSecret>>;

/** Functions for the worker `invoke-lambda`: name → ARN. */
export type AllowedFunctions = Readonly<Record<string, string>>;

/** Why a job may not use this name. */
export function notAllowed(
  what: string,
  name: string,
  list: Readonly<Record<string, unknown>>,
  property: string,
): string {
  const names = Object.keys(list);
  const known = names.length === 0 ? 'the stack allows none' : `there are: ${names.join(', ')}`;
  return `${what} '${name}' may not be used; ${known}. Add it to ${property} of the stack`;
}
