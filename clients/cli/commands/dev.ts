import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { omitUndefined } from '#core/omit-undefined.ts';
import type { LocalService, ServeOptions } from '../../../localstack/serve-locally.ts';
import type { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import { openBrowser } from '../open-browser.ts';
import { LOCAL_PROFILE, type Profile, Profiles } from '../settings/profiles.ts';
import { currentToken } from '../settings/tokens.ts';

interface Options {
  readonly stack?: string;
  readonly port?: number;
  readonly sample: boolean;
  readonly open: boolean;
  readonly once?: boolean;
}

const PARTITION = 'demo';
/** Major version of Node on which the functions run. */
const FUNCTION_NODE = 24;
const TRY =
  'npx jobtree run --splitter range --define from=0 --define to=10000 --worker rehearse --set failEvery=1000 --watch';

export async function run(context: Context, options: Options): Promise<never> {
  const folder = appFolder(process.cwd());
  // State is kept in the folder of the app. The modules below read the working directory when they are loaded.
  if (folder !== undefined) process.chdir(folder);
  const { IS_PACKAGE, PROJECT_ROOT, STATE_ROOT, projectPath } = await import(
    '../../../localstack/local-aws.ts'
  );
  const isOwn = !IS_PACKAGE && (folder === undefined || join(folder, '/') === join(PROJECT_ROOT, '/'));
  if (IS_PACKAGE) {
    requireFunctionNode(projectPath());
    mkdirSync(STATE_ROOT, { recursive: true });
    writeFileSync(join(STATE_ROOT, '.gitignore'), '*\n');
  }
  const { serveLocally } = await import('../../../localstack/serve-locally.ts');
  const { code, lastLine } = await serveLocally({
    ...(!isOwn && { app: userApp(folder, options, PROJECT_ROOT) }),
    ...(isOwn && options.sample && { runSample: (await sampleJobs()).runSampleJobs }),
    once: options.once ?? false,
    port: options.port,
    signal: context.signal,
    onDeployed: (service) => storeProfile(new Profiles(context.env), service),
    onReady: (service) => void printAddresses(context, service, options),
  });
  if (lastLine !== undefined) await context.output.line(lastLine);
  // Requests that a sample job still waits for must not keep the process alive after Ctrl-C.
  process.exit(code);
}

/** Only the repository has the sample jobs. The computed address keeps them out of the bundle. */
function sampleJobs(): Promise<typeof import('../../../localstack/sample/sample-jobs.ts')> {
  return import(new URL('../../../localstack/sample/sample-jobs.ts', import.meta.url).href);
}

/** Returns the closest folder with a CDK app. */
function appFolder(folder: string): string | undefined {
  if (existsSync(join(folder, 'cdk.json'))) return folder;
  return dirname(folder) === folder ? undefined : appFolder(dirname(folder));
}

/** The user's CDK app or, without one, the stack of the package. */
function userApp(
  folder: string | undefined,
  { stack }: Options,
  packageFolder: string,
): NonNullable<ServeOptions['app']> {
  if (folder !== undefined) return { appDir: folder, ...omitUndefined({ stackName: stack }) };
  requirePackages(packageFolder);
  return {
    appDir: process.cwd(),
    app: `node ${JSON.stringify(join(packageFolder, 'dist/job-service.js'))}`,
    context: { documents: 'false' },
  };
}

/** The default stack needs the peer dependencies of jobtree, which some settings of npm do not install. */
function requirePackages(packageFolder: string): void {
  const { resolve } = createRequire(join(packageFolder, 'package.json'));
  const missing = ['aws-cdk-lib', 'constructs', 'zod'].filter((name) => {
    try {
      resolve(`${name}/package.json`);
      return false;
    } catch {
      return true;
    }
  });
  if (missing.length === 0) return;
  throw new CliError(
    `the default stack needs ${missing.join(', ')}, which ${missing.length === 1 ? 'is' : 'are'} not installed`,
    {
      hint: `Run npm install --save-dev aws-cdk ${missing.join(' ')}, or start in the folder of a CDK app.`,
    },
  );
}

/** The emulator runs the functions with the first `node` on this PATH. */
function requireFunctionNode(path: string): void {
  const version = execFileSync('node', ['--version'], {
    env: { ...process.env, PATH: path },
    encoding: 'utf8',
  });
  if (Number(/^v(\d+)/.exec(version)?.[1]) >= FUNCTION_NODE) return;
  throw new CliError(`the functions need Node ${FUNCTION_NODE}, and node on PATH is ${version.trim()}`, {
    hint: `Install it for this app only: npm install --save-dev node@${FUNCTION_NODE}`,
  });
}

/** Stores the profile. A token that another checkout signed is forgotten. */
function storeProfile(profiles: Profiles, service: LocalService): void {
  profiles.save(LOCAL_PROFILE, profileOf(service));
  profiles.forget(LOCAL_PROFILE);
}

function profileOf({ url, developmentKey, endpoint }: LocalService): Profile {
  return { url, partition: PARTITION, developmentKey, emulator: endpoint };
}

/** Prints the addresses, and opens the console. The token is in the fragment, which a browser never sends. */
async function printAddresses(
  { output, env }: Context,
  service: LocalService,
  { open }: Options,
): Promise<void> {
  const profile = profileOf(service);
  const token = await currentToken(new Profiles(env), LOCAL_PROFILE, profile);
  const page = `${service.url}/console#token=${token}`;
  await output.line(`Console  ${page}\nAPI      ${service.url}\nTry      ${TRY}`);
  if (open && output.isForPeople) openBrowser(page, env);
  output.note('Press Ctrl-C to end the service.');
}
