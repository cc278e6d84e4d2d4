import type { Splitter } from '#core/splitter.ts';
import { items } from './items.ts';
import { lines, linesFile, linesRange } from './lines.ts';
import { range } from './range.ts';
import { s3Prefix } from './s3-prefix.ts';

/** What users name in `batch.splitter`. */
export const shippedSplitters: readonly Splitter[] = [items, lines, range, s3Prefix];

/** Levels below the shipped splitters; no job can begin with one. */
export const innerSplitters: readonly Splitter[] = [linesFile, linesRange];
