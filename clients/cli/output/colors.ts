/** Colours of a terminal. */
const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34, cyan: 36, gray: 90 } as const;
export type Color = keyof typeof CODES;

export type Paint = (text: string, color: Color) => string;

/** Returns a function that colours text, or leaves it unchanged if colours are off. */
export function painter(isColored: boolean): Paint {
  return (text, color) => (isColored ? `\u001b[${CODES[color]}m${text}\u001b[0m` : text);
}

/** True if a stream gets colours: NO_COLOR turns them off, FORCE_COLOR turns them on without a terminal. */
export function isColored(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR'] && env['FORCE_COLOR'] !== '0') return true;
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}

const STATUS_COLORS: Readonly<Record<string, Color>> = {
  Completed: 'green',
  Active: 'cyan',
  Waiting: 'blue',
  Paused: 'yellow',
  Blocked: 'yellow',
  Failed: 'red',
  Expired: 'red',
  Cancelled: 'gray',
  succeeded: 'green',
  failed: 'red',
  skipped: 'gray',
};

export function colorOfStatus(status: string): Color | undefined {
  return STATUS_COLORS[status];
}
