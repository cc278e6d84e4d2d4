/** P11: bytes of each function, and the time to import it in a fresh process. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { JobServiceStack } from '../../../lib/job-service-stack.ts';
import { type Measurement, median, type Row } from '../row.ts';

const ROUNDS = 10;
const HOT = ['track-results', 'split-batch', 'http', 'rehearse'];
const API = 'jobs-api';

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
const begin = performance.now();
await import(process.argv[1]);
process.stdout.write(String(performance.now() - begin), () => process.exit());
`;

function importMillis(file: string, environment: Bundle['environment'] = {}): number {
  const times = Array.from({ length: ROUNDS }, () =>
    Number(
      execFileSync(process.execPath, ['--input-type=module', '-e', PROGRAM, pathToFileURL(file).href], {
        encoding: 'utf8',
        env: { AWS_REGION: 'us-east-1', ...environment },
      }),
    ),
  );
  return median(times);
}

/** Bytes of the code that the function loads at its start. */
function codeBytes({ folder }: Bundle): number {
  const code = readFileSync(join(folder, 'index.mjs'), 'utf8');
  const loaded = readdirSync(folder).filter(
    (file) => file === 'index.mjs' || new RegExp(`from ?"\\./${file}"|import ?"\\./${file}"`).test(code),
  );
  return loaded.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
}

export const measureStart: Measurement = async () => {
  const outdir = mkdtempSync(join(tmpdir(), 'jobtree-start-'));
  try {
    const empty = join(outdir, 'empty.mjs');
    writeFileSync(empty, '');
    const floor = importMillis(empty);
    const bundles = bundlesOf(outdir);
    const rowOf = (name: string, maxKilobytes: number, maxMillis: number): Row => {
      const bundle = bundles.find((one) => one.name === name);
      if (bundle === undefined) throw new Error(`the stack has no function '${name}'`);
      const bytes = codeBytes(bundle);
      const millis = importMillis(join(bundle.folder, 'index.mjs'), bundle.environment);
      return {
        id: 'P11',
        what: `Start of ${name}`,
        measured: `${Math.round(bytes / 1_000)} KB, ${millis.toFixed(1)} ms`,
        reference: `an empty module: ${floor.toFixed(1)} ms`,
        goal: `≤ ${maxKilobytes} KB, ≤ ${maxMillis} ms`,
        isMet: bytes <= maxKilobytes * 1_000 && millis <= maxMillis,
      };
    };
    return [...HOT.map((name) => rowOf(name, 150, 20)), rowOf(API, 400, 60)];
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
};
