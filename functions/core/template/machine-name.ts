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

const MAX_SHOWN_NAME = 16;
const OWNER_HASH_LENGTH = 32;

/**
 * What the name of the state machine of a partition's own template ends with. `ownerHash` is a hash of partition and
 * template: 128 bits of it keep any two owners apart. The name itself only helps an operator to find the machine.
 */
export function machineOfPartition(name: string, ownerHash: string): string {
  return `${name.slice(0, MAX_SHOWN_NAME)}_${ownerHash.slice(0, OWNER_HASH_LENGTH)}`;
}
