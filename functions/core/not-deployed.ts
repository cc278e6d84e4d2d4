/** Returns the message for a worker or splitter that is not deployed. It lists the deployed ones. */
export function notDeployedMessage(
  kind: 'worker' | 'splitter',
  name: string,
  deployedNames: readonly string[],
): string {
  return `${kind} '${name}' does not exist; deployed: ${deployedNames.toSorted().join(', ') || 'none'}`;
}
