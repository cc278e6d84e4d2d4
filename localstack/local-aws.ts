import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** True in the installed package, false in the repository. */
export const IS_PACKAGE = !import.meta.url.endsWith('.ts');
/** The folder of jobtree itself. */
export const PROJECT_ROOT = folderWithManifest(dirname(fileURLToPath(import.meta.url)));
/** The folder in which programs and state are kept: the repository or, with the package, the user's app. */
const HOME = IS_PACKAGE ? process.cwd() : PROJECT_ROOT;
export const STATE_ROOT = join(HOME, '.jobtree');
export const REGION = 'us-east-1';
export const DEFAULT_STACK = 'jobtree';

const TEST_KEY = 'test';

function folderWithManifest(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : folderWithManifest(dirname(folder));
}

/** Returns a PATH that starts with the project's binaries, so that `node` is the version that Lambda runs. */
export function projectPath(path = process.env['PATH'] ?? ''): string {
  return [join(HOME, 'node_modules', '.bin'), path].join(delimiter);
}

/** Returns the complete set of variables that point the CDK, the SDK and the functions at an emulator. */
export function localAwsEnv(endpoint: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: TEST_KEY,
    AWS_SECRET_ACCESS_KEY: TEST_KEY,
  };
}

/** Returns the options of an SDK client for an emulator. */
export function localClient(endpoint: string) {
  return {
    endpoint,
    region: REGION,
    credentials: { accessKeyId: TEST_KEY, secretAccessKey: TEST_KEY },
  };
}

/** Returns the caller's environment without AWS settings, so that a real account can never be reached. */
export function environmentWithoutAws(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('AWS_')));
}

const NO_PROXY_NAMES = ['no_proxy', 'NO_PROXY', 'npm_config_no_proxy'];

/** Returns variables that exclude the emulator and this machine from the caller's proxy. */
export function directAccess(endpoint: string, env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const { hostname } = new URL(endpoint);
  const excludedHosts = NO_PROXY_NAMES.flatMap((name) => env[name] ?? []);
  const noProxy = [...excludedHosts, hostname, `.${hostname}`, 'localhost', '127.0.0.1', '[::1]', '::1'].join(
    ',',
  );
  return Object.fromEntries(NO_PROXY_NAMES.map((name) => [name, noProxy]));
}
