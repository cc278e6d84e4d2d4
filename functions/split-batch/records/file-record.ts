/** The records of a file, before they become items. */
import type { CsvSyntax } from './grammar.ts';

/** A record of a file, or the reason why it is not valid. */
export interface FileRecord {
  readonly text: string;
  /** True for a line without a value, which is skipped. */
  readonly isBlank: boolean;
  /** Fields of a valid CSV record. */
  readonly fields?: readonly string[];
  readonly problem?: string;
  /** Number of its first line, from 1. */
  readonly line: number;
  /** Offset after the record and its separator. */
  readonly end: number;
  readonly bytes: number;
  /** Number of the line after the record. */
  readonly nextLine: number;
}

export interface CsvReading {
  readonly csv: CsvSyntax;
  /** Separator of the lines within a quoted field. */
  readonly separator: string;
  /** Number of fields in a record, if it is known. */
  readonly fieldCount: number | undefined;
  /** False if only the ends of the records are needed, which is faster. */
  readonly needsFields: boolean;
}
