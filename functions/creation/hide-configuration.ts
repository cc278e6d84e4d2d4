/** Values of this length or more are hidden; shorter ones are no secrets, and occur in any text. */
const MIN_HIDDEN_LENGTH = 4;

/**
 * The reason for which a mapping fails, without the values of the configuration. The caller of a job reads it, and may
 * have chosen parameters that make the mapping fail on such a value.
 */
export function withoutConfiguration(
  reason: string,
  configuration: Readonly<Record<string, string>>,
): string {
  const hidden = Object.entries(configuration)
    .filter(([, value]) => value.length >= MIN_HIDDEN_LENGTH)
    // A value that contains another one first.
    .sort(([, one], [, other]) => other.length - one.length);
  return hidden.reduce(
    (text, [name, value]) =>
      text
        .replaceAll(value, `<configuration.${name}>`)
        .replaceAll(JSON.stringify(value).slice(1, -1), `<configuration.${name}>`),
    reason,
  );
}
