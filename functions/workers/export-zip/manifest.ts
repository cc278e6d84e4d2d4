/** One file of the archive, or an item without files. */
export interface ManifestLine {
  readonly itemId: string;
  readonly outcome: string;
  readonly entry?: string;
  readonly sizeBytes?: number;
  readonly mimeType?: string;
  readonly sha256?: string;
}

const COLUMNS = ['itemId', 'outcome', 'entry', 'sizeBytes', 'mimeType', 'sha256'] as const;

export function jsonManifest(job: string, lines: readonly ManifestLine[]): Buffer {
  return Buffer.from(`${JSON.stringify({ job, files: lines }, null, 1)}\n`);
}

export function csvManifest(lines: readonly ManifestLine[]): Buffer {
  const rows = lines.map((line) => COLUMNS.map((column) => csvField(line[column])).join(','));
  return Buffer.from([COLUMNS.join(','), ...rows, ''].join('\r\n'));
}

function csvField(value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  // Spreadsheets interpret such text as a formula.
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n']/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
