import { type ParseArgsConfig, parseArgs } from 'node:util';
import { LocalRefusal } from './local-refusal.ts';

/** Parses the command line with `config`. Refuses everything else and shows the usage. */
export function parseCommandLine<T extends ParseArgsConfig>(config: T, usage: string) {
  try {
    return parseArgs(config);
  } catch (error) {
    // Only the first sentence: the rest explains how to pass operands that look like options.
    const [reason = ''] = String(error instanceof Error ? error.message : error).split('. ');
    throw new LocalRefusal(`${reason}; allowed:\n  ${usage}`);
  }
}
