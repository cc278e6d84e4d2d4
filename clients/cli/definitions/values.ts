/** Parsers of option values, for commander. */
import { InvalidArgumentError } from 'commander';

/** Collects an option that can be repeated. */
export function repeated(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value];
}

export function wholeNumber(minimum: number, maximum = 1_000_000) {
  return (text: string): number => {
    const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= minimum && value <= maximum) return value;
    throw new InvalidArgumentError(`Use a whole number from ${minimum} to ${maximum}.`);
  };
}
