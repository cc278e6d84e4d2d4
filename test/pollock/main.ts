/**
 * `npm run pollock -- [FOLDER] [--mode MODE] [--only PART] [--results FOLDER] [--reader NAME]`: reads each file of the
 * CSV benchmark Pollock with the splitter `lines`, as one job, and prints the scores of the benchmark.
 *
 * `--results` writes the loaded tables in the form of the benchmark, for its own evaluation. `--reader` scores a reader whose
 * results the benchmark ships, such as pycsv; its scores are known, so they verify the computation.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isFinal } from '#core/job-status.ts';
import { type ReadFile, readLines } from '../support/read-lines.ts';
import { type BenchmarkFile, benchmarkFiles, benchmarkFolder } from './benchmark.ts';
import { definitionFor, modeOf } from './definition.ts';
import { loadedTable } from './loaded-table.ts';
import { scoreFile, type Table } from './score.ts';
import { readTable, writeTable } from './tables.ts';

const SHOWN_FILES = 25;
const FULL_SCORE = 10;
/** A score below this counts as lower than full, because sums of fractions are inexact. */
const NEARLY_FULL = FULL_SCORE - 1e-9;

const { values, positionals } = parseArgs({
  options: {
    mode: { type: 'string', default: 'parameters' },
    only: { type: 'string', default: '' },
    results: { type: 'string' },
    reader: { type: 'string' },
  },
  allowPositionals: true,
});
const { only, results, reader } = values;
const mode = modeOf(values.mode);
const folder = benchmarkFolder(positionals[0]);
const files = benchmarkFiles(folder, (name) => name.includes(only));
if (files.length === 0) throw new Error(`no file of '${folder}' has '${only}' in its name`);
if (results !== undefined) mkdirSync(results, { recursive: true });

if (reader === undefined) await scoreLines();
else {
  const loading = join(folder, 'results', reader, 'polluted_files', 'loading');
  if (!existsSync(loading))
    throw new Error(
      `'${loading}' does not exist. --reader needs a whole checkout, and one of its folders below results.`,
    );
  printScores(files.map((file) => scored(file, readTable(join(loading, resultName(file))))));
}

async function scoreLines(): Promise<void> {
  const startedAt = performance.now();
  const read: { readonly file: BenchmarkFile; readonly found: ReadFile }[] = [];
  for (const file of files)
    read.push({ file, found: await readLines(file.bytes, definitionFor(mode, file.parameters)) });
  const seconds = (performance.now() - startedAt) / 1_000;

  printScores(
    read.map(({ file, found }) => {
      const table = loadedTable(found);
      if (results !== undefined)
        writeTable(join(results, resultName(file)), table, found.failures.join('\n'));
      const reasons = [...found.badRecords.map(({ reason }) => reason), ...found.failures];
      return scored(file, table, reasons[0] ?? '');
    }),
  );
  printJobs(
    read.map(({ found }) => found),
    seconds,
  );
}

interface ScoredFile {
  readonly name: string;
  readonly weight: number;
  readonly score: number;
  readonly reason: string;
}

function scored(
  { name, weight, cleanPath }: BenchmarkFile,
  table: Table | undefined,
  reason = '',
): ScoredFile {
  return { name, weight, score: scoreFile(readTable(cleanPath) ?? [], table).sum, reason };
}

function resultName({ name }: BenchmarkFile): string {
  return `${name}_converted.csv`;
}

function printScores(all: readonly ScoredFile[]): void {
  const totalWeight = sum(all, ({ weight }) => weight);
  const loss = ({ score, weight }: ScoredFile) => ((FULL_SCORE - score) * weight) / totalWeight;
  const lower = all.filter(({ score }) => score < NEARLY_FULL);
  const worst = lower.toSorted((a, b) => loss(b) - loss(a) || a.score - b.score).slice(0, SHOWN_FILES);
  for (const file of worst)
    console.log(
      `${file.score.toFixed(3)}  -${loss(file).toFixed(4)}  ${file.name}  ${file.reason.slice(0, 160)}`,
    );
  console.log(`${lower.length} of ${all.length} files below ${FULL_SCORE}; the costliest are above`);
  console.log(`simple score    ${(sum(all, ({ score }) => score) / all.length).toFixed(3)}`);
  console.log(
    `weighted score  ${(sum(all, ({ score, weight }) => score * weight) / totalWeight).toFixed(3)}`,
  );
}

function printJobs(read: readonly ReadFile[], seconds: number): void {
  const count = (isCounted: (found: ReadFile) => boolean) => read.filter(isCounted).length;
  const items = sum(read, ({ payloads }) => payloads.length);
  const badRecords = sum(read, (found) => found.badRecords.length);
  const slowest = Math.max(...read.map(({ jobMillis }) => jobMillis)) / 1_000;
  console.log(
    `${count(({ status }) => status === 'Completed')} jobs completed, ${count(({ status }) => status === 'Failed')} failed, ${count(({ status }) => !isFinal(status))} did not end; the slowest took ${slowest} s of the service's time`,
  );
  console.log(
    `${items} items and ${badRecords} bad records in ${seconds.toFixed(1)} s, ${Math.round((items + badRecords) / seconds)} records/s with the whole job`,
  );
}

function sum<T>(all: readonly T[], value: (one: T) => number): number {
  return all.reduce((total, one) => total + value(one), 0);
}
