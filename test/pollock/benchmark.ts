/** The folder of the benchmark: a checkout of github.com/HPI-Information-Systems/Pollock. Nothing of it is in this repository. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { STATE_ROOT } from '../../localstack/local-aws.ts';

const ADDRESS = 'https://github.com/HPI-Information-Systems/Pollock.git';

/** The form of a file, which the benchmark gives to every reader. */
const parameters = z.object({
  encoding: z.string(),
  delimiter: z.string(),
  quotechar: z.string(),
  escapechar: z.string(),
  row_delimiter: z.string(),
  header_lines: z.number(),
  preamble_lines: z.number(),
  footnote_lines: z.number(),
  column_names: z.array(z.string()),
  n_columns: z.number(),
});
export type LoadingParameters = z.infer<typeof parameters>;

export interface BenchmarkFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly parameters: LoadingParameters;
  readonly cleanPath: string;
  /** Frequency of files of this kind in the survey of the benchmark. */
  readonly weight: number;
}

/** Returns the folder of the benchmark, downloading its files into `.jobtree` on first use. */
export function benchmarkFolder(given: string | undefined): string {
  const folder = given ?? join(STATE_ROOT, 'pollock');
  if (given === undefined && !existsSync(folder)) download(folder);
  if (existsSync(join(folder, 'polluted_files', 'csv'))) return folder;
  throw new Error(
    `'${folder}' has no folder polluted_files/csv. Give a checkout of ${ADDRESS}, or no folder to download it.`,
  );
}

function download(folder: string): void {
  const git = (...args: string[]) => execFileSync('git', args, { stdio: 'inherit' });
  // Downloaded into a draft folder and then renamed, so that an interrupted download is not used.
  const draft = `${folder}-${process.pid}`;
  git('clone', '--quiet', '--depth', '1', '--filter=blob:none', '--sparse', ADDRESS, draft);
  git('-C', draft, 'sparse-checkout', 'set', 'polluted_files');
  renameSync(draft, folder);
}

export function benchmarkFiles(folder: string, isSelected: (name: string) => boolean): BenchmarkFile[] {
  const below = (...path: string[]) => join(folder, 'polluted_files', ...path);
  const weights = z
    .record(z.string(), z.number())
    .parse(JSON.parse(readFileSync(join(folder, 'pollock_weights.json'), 'utf8')));
  const names = readdirSync(below('csv')).filter((name) => name.endsWith('csv') && isSelected(name));
  return names.toSorted().map((name) => ({
    name,
    bytes: readFileSync(below('csv', name)),
    parameters: parameters.parse(
      JSON.parse(readFileSync(below('parameters', `${name}_parameters.json`), 'utf8')),
    ),
    cleanPath: below('clean', name),
    weight: weights[name] ?? 0,
  }));
}
