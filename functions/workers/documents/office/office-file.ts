import type { ZipArchive } from '../reading/zip-archive.ts';
import type { BoundedText } from '../text/bounded-text.ts';

/** Input and output of the reader of one office format. */
export interface OfficeFile {
  readonly archive: ZipArchive;
  readonly text: BoundedText;
  /** Limit of each text that is collected before it is written. */
  readonly maxCharacters: number;
  /** Called after each unit of work. */
  readonly step: () => void;
}

/** Part of the result that only some formats have. */
export interface OfficeReading {
  readonly pages?: number;
  /** Content that was left out. */
  readonly note?: string;
}

/** Returns the value of an attribute such as `r:id`, with any namespace prefix. */
export function attribute(
  attributes: Readonly<Record<string, string>>,
  localName: string,
): string | undefined {
  const match = Object.entries(attributes).find(([name]) => name.endsWith(`:${localName}`));
  return match?.[1];
}

const ESCAPED_UNIT = /_x([0-9A-Fa-f]{4})_/g;

/** Decodes the escapes of Excel and PowerPoint for characters that XML does not allow, such as `_x000D_`. */
export function decodeEscapes(text: string): string {
  return text.includes('_x')
    ? text.replace(ESCAPED_UNIT, (_, unit: string) => String.fromCharCode(Number.parseInt(unit, 16)))
    : text;
}
