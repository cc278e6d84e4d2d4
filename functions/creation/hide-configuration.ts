/** Minimum length of hidden values. Shorter ones are not secrets and occur by chance in any text. */
const MIN_HIDDEN_LENGTH = 4;

/**
 * Replaces values of the configuration in the reason why a mapping failed. The creator of a job reads the reason, and
 * may have chosen parameters that make the mapping fail on such a value.
 */
export function withoutConfiguration(
  reason: string,
  configuration: Readonly<Record<string, string>>,
): string {
  const hiddenEntries = Object.entries(configuration)
    .filter(([, value]) => value.length >= MIN_HIDDEN_LENGTH)
    // Longest first, because a value may contain another one.
    .sort(([, one], [, other]) => other.length - one.length);
  return hiddenEntries.reduce(
    (text, [name, value]) =>
      text
        .replaceAll(value, `<configuration.${name}>`)
        .replaceAll(JSON.stringify(value).slice(1, -1), `<configuration.${name}>`),
    reason,
  );
}
