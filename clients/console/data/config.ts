import type { ConsoleConfig } from '../../../functions/contract/console-config.ts';
import { CONFIG_URL } from '../addresses.ts';

export type { ConsoleConfig };

export async function readConfig(): Promise<ConsoleConfig> {
  const response = await fetch(CONFIG_URL);
  if (!response.ok)
    throw new Error(`The settings of the console could not be read (status ${response.status}).`);
  return response.json();
}
