import type { Splitter } from '#core/splitter.ts';
import { items, lines, linesFile, linesRange, zip } from './file-splitters.ts';
import {
  firstStepItems,
  jobResults,
  outcomesOfStep,
  query,
  range,
  s3Prefix,
  stepResults,
} from './list-splitters.ts';

/** Splitters that users can name in `batch.splitter`. */
export const shippedSplitters: readonly Splitter[] = [
  items,
  jobResults,
  lines,
  query,
  range,
  s3Prefix,
  stepResults,
  zip,
];

/** Splitters for levels below the shipped ones. A job cannot start with one. */
export const innerSplitters: readonly Splitter[] = [linesFile, linesRange, firstStepItems, outcomesOfStep];
