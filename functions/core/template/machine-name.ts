/** Number of hash characters that distinguish versions of a deployed template. */
const HASH_LENGTH = 8;

/**
 * Returns the suffix of the name of a deployed template's state machine. A changed template gets a separate
 * machine, so that waiting jobs find the one that they were created with.
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
 * Returns the suffix of the name of the state machine for a partition's own template. `ownerHash` is a hash
 * of partition and template, of which 128 bits keep owners distinct. The name itself only helps an operator
 * to find the machine.
 */
export function machineOfPartition(name: string, ownerHash: string): string {
  return `${name.slice(0, MAX_SHOWN_NAME)}_${ownerHash.slice(0, OWNER_HASH_LENGTH)}`;
}
