/** Characters of the hash that tell versions of a deployed template apart. */
const HASH_LENGTH = 8;

/**
 * What the name of a deployed template's state machine ends with. A changed template gets a machine of its own, so
 * that jobs which wait to be started find the one that they were created with.
 */
export function deployedMachine({
  name,
  version,
}: {
  readonly name: string;
  readonly version: string;
}): string {
  return `${name}_${version.replace(/^deployed-/, '').slice(0, HASH_LENGTH)}`;
}
