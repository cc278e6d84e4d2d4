import type { Splitter } from '#core/splitter.ts';
import { items } from './items.ts';
import { jobResults } from './job-results.ts';
import { lines } from './lines.ts';
import { linesFile, linesRange } from './lines-file.ts';
import { firstStepItems, outcomesOfStep } from './outcomes.ts';
import { query } from './query.ts';
import { range } from './range.ts';
import { s3Prefix } from './s3-prefix.ts';
import { stepResults } from './step-results.ts';
import { zip } from './zip.ts';

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
