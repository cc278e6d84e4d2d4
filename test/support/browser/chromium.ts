/** Chromium for tests: the one in the package `@sparticuz/chromium`, or one of the system. Nothing is installed. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The package is built for Linux on x64 and reads its files from a temporary folder. */
export async function launchBrowser(): Promise<Browser> {
  const packaged = await launch(packagedChromium).catch((error: unknown) => error);
  if (isBrowser(packaged)) return packaged;
  const path = systemChromium();
  if (path !== undefined) return chromium.launch({ executablePath: path });
  throw new Error(
    'no Chromium can be started: the one of @sparticuz/chromium does not run here, and PATH has none. Install Chromium, or set CHROMIUM_PATH to its program',
    { cause: packaged },
  );
}

interface Program {
  readonly executablePath: string;
  readonly args: string[];
}

async function launch(find: () => Promise<Program>): Promise<Browser> {
  return chromium.launch(await find());
}

async function packagedChromium(): Promise<Program> {
  const { default: packaged } = await import('@sparticuz/chromium');
  packaged.setGraphicsMode = false;
  // The package's own list is for Lambda: one process, without site isolation. Tests need the defaults.
  return { executablePath: await packaged.executablePath(), args: ['--no-sandbox', '--disable-gpu'] };
}

function systemChromium(): string | undefined {
  const configured = process.env['CHROMIUM_PATH'];
  if (configured !== undefined) return configured;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find((path) => existsSync(path));
}

function isBrowser(value: unknown): value is Browser {
  return typeof value === 'object' && value !== null && 'newContext' in value;
}
