/**
 * P11: bytes of each function, and the time to import it in a fresh process, without the time in which Node starts. The
 * minimum of many processes is close to the time on a quiet machine; the median shows the load of this one. CPU time
 * depends least on the load, and includes the threads of V8.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { JobServiceStack } from '../../../lib/job-service-stack.ts';
import { type Measurement, median, type Row } from '../row.ts';

const ROUNDS = 25;
const HOT = { maxKilobytes: 150, maxMillis: 20 };
const GOALS = new Map([
  ['track-results', HOT],
  ['split-batch', HOT],
  ['http', HOT],
  ['rehearse', HOT],
  ['jobs-api', { maxKilobytes: 400, maxMillis: 60 }],
]);

interface Bundle {
  readonly name: string;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

function bundlesOf(outdir: string): Bundle[] {
  const stack = new JobServiceStack(
    new App({ outdir, builtinCloudFormationValidation: false, treeMetadata: false }),
    'jobtree',
  );
  const template = Template.fromStack(stack);
  return Object.values(template.findResources('AWS::Lambda::Function')).map(({ Properties }) => ({
    name: Properties.Tags.find(({ Key }: { Key: string }) => Key === 'jobtree:function').Value,
    folder: join(outdir, `asset.${Properties.Code.S3Key.replace('.zip', '')}`),
    environment: Object.fromEntries(
      Object.entries(Properties.Environment?.Variables ?? {}).map(([name, value]) => [
        name,
        textOf(name, value),
      ]),
    ),
  }));
}

/** CloudFormation fills in the address of a resource; any address serves here, because nothing is sent. */
function textOf(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  const joined = (value as { 'Fn::Join'?: [string, unknown[]] })['Fn::Join'];
  if (joined !== undefined) return joined[1].map((part) => textOf('', part)).join(joined[0]);
  return name.endsWith('_URL') ? 'https://sqs.us-east-1.amazonaws.com/000000000000/queue' : 'name';
}

const PROGRAM = `
const [begin, before] = [performance.now(), process.cpuUsage()];
await import(process.argv[1]);
const [millis, { user, system }] = [performance.now() - begin, process.cpuUsage(before)];
process.stdout.write(JSON.stringify({ millis, cpuMillis: (user + system) / 1000 }), () => process.exit());
`;

interface Module {
  readonly file: string;
  readonly environment: Readonly<Record<string, string>>;
}

interface Import {
  readonly millis: number;
  readonly cpuMillis: number;
}

function importOnce({ file, environment }: Module): Import {
  const arguments_ = ['--input-type=module', '-e', PROGRAM, pathToFileURL(file).href];
  const env = { AWS_REGION: 'us-east-1', ...environment };
  return JSON.parse(execFileSync(process.execPath, arguments_, { encoding: 'utf8', env }));
}

/** Imports each module many times. Takes turns, so that a change of the load affects all modules. */
function importAll(modules: readonly Module[]): Map<Module, Import[]> {
  const times = new Map(modules.map((module): [Module, Import[]] => [module, []]));
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [module, list] of times) list.push(importOnce(module));
  return times;
}

/** Bytes of the code that the function loads at its start. */
function codeBytes(folder: string, file = 'index.mjs', loaded = new Set<string>()): number {
  if (loaded.has(file)) return 0;
  loaded.add(file);
  const code = readFileSync(join(folder, file));
  const imported = code.toString().matchAll(/(?:from|import) ?"\.\/([^"]+\.mjs)"/g);
  return [...imported].reduce((sum, [, name = '']) => sum + codeBytes(folder, name, loaded), code.length);
}

function millisOf(imports: readonly Import[] = []): number[] {
  return imports.map(({ millis }) => millis);
}

export const measureStart: Measurement = async () => {
  const outdir = mkdtempSync(join(tmpdir(), 'jobtree-start-'));
  try {
    const empty = join(outdir, 'empty.mjs');
    writeFileSync(empty, '');
    const functions = bundlesOf(outdir)
      .filter(({ name }) => GOALS.has(name))
      .map((bundle) => ({ ...bundle, file: join(bundle.folder, 'index.mjs') }));
    const floor: Module = { file: empty, environment: {} };
    const imports = importAll([floor, ...functions]);
    const floorMillis = Math.min(...millisOf(imports.get(floor)));
    return functions.map((bundle): Row => {
      const list = millisOf(imports.get(bundle)).map((millis) => millis - floorMillis);
      const cpuMillis = Math.min(...(imports.get(bundle) ?? []).map((one) => one.cpuMillis));
      const [bytes, millis] = [codeBytes(bundle.folder), Math.min(...list)];
      const { maxKilobytes, maxMillis } = GOALS.get(bundle.name) ?? HOT;
      return {
        id: 'P11',
        what: `Start of ${bundle.name}`,
        measured: `${Math.round(bytes / 1_000)} KB, ${millis.toFixed(1)} ms (median ${median(list).toFixed(1)}, CPU ${cpuMillis.toFixed(1)})`,
        reference: `an empty module: ${floorMillis.toFixed(1)} ms, subtracted`,
        goal: `≤ ${maxKilobytes} KB, ≤ ${maxMillis} ms`,
        isMet: bytes <= maxKilobytes * 1_000 && millis <= maxMillis,
      };
    });
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
};
