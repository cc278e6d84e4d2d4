/** Runs the service on this machine: `npm start` in the repository, `jobtree dev` in the folder of an app. */
import { deployedApi } from './deployed-api.ts';
import { type DeployOptions, deployApp, deployStack } from './deployment.ts';
import { developmentKey, KEY_FILE } from './development-key.ts';
import { type Emulator, restBase } from './emulator/emulator.ts';
import { ministackTarget } from './emulator/ministack.ts';

export interface LocalService {
  /** Base URL of the API. */
  readonly url: string;
  readonly endpoint: string;
  /** File with the key that signs its tokens. */
  readonly developmentKey: string;
}

/** The stack in which sample jobs run. */
export interface SampleStack {
  readonly url: string;
  readonly endpoint: string;
  readonly bucket: string;
}

export interface SampleResult {
  /** One sentence for each sample job with a wrong result: its id, and where to look. */
  readonly problems: readonly string[];
  /** JSON for scripts. */
  readonly summary: string;
}

export interface ServeOptions {
  /** The CDK app of a user. @default - the stack of jobtree, from its source */
  readonly app?: Pick<DeployOptions, 'appDir' | 'app' | 'context' | 'stackName'>;
  /** Runs sample jobs after the deployment. @default none */
  readonly runSample?: ((stack: SampleStack) => Promise<SampleResult>) | undefined;
  /** Ends after the sample jobs instead of running until `signal`. */
  readonly once: boolean;
  readonly port?: number | undefined;
  /** Ends the service when it is aborted. */
  readonly signal: AbortSignal;
  /** Called after the deployment, before the sample jobs. */
  readonly onDeployed: (service: LocalService) => void;
  /** Called when everything is done that happens without the user. */
  readonly onReady: (service: LocalService) => void;
}

export interface ServeEnd {
  readonly code: 0 | 1;
  /** Printed after everything has ended, so that scripts find it in the last line. */
  readonly lastLine?: string;
}

const LONG_MS = 2 ** 30;

/**
 * Starts an emulator, deploys the stack, runs sample jobs, and keeps running until the signal. An emulator that was
 * already running continues afterwards.
 */
export async function serveLocally(options: ServeOptions): Promise<ServeEnd> {
  const target = ministackTarget(options.port === undefined ? {} : { port: options.port });
  const wasRunning = (await target.find()) !== undefined;
  try {
    return await Promise.race([work(options, () => target.up()), aborted(options.signal)]);
  } finally {
    if (!wasRunning) console.error(await target.down());
  }
}

async function work(options: ServeOptions, start: () => Promise<Emulator>): Promise<ServeEnd> {
  const { runSample, once, onDeployed, onReady } = options;
  const emulator = await start();
  const { endpoint } = emulator;
  const { url, bucket } = await deployed(emulator, options);
  const service = { url, endpoint, developmentKey: KEY_FILE };
  onDeployed(service);
  const sample = bucket === undefined ? undefined : await runSample?.({ url, endpoint, bucket });
  const problems = sample?.problems ?? [];
  for (const problem of problems) console.error(problem);
  if (once) return { code: problems.length > 0 ? 1 : 0, ...(sample && { lastLine: sample.summary }) };
  onReady(service);
  await new Promise(() => setInterval(() => undefined, LONG_MS));
  return { code: 0 };
}

async function deployed(
  emulator: Emulator,
  { app }: ServeOptions,
): Promise<{ url: string; bucket?: string | undefined }> {
  if (app === undefined) {
    const { ApiId = '', BucketName } = await deployStack(emulator);
    return { url: restBase(emulator, ApiId), bucket: BucketName };
  }
  const { publicKey } = developmentKey();
  // The stack adds the issuer of development tokens, which it does only on an emulator.
  const context = { ...app.context, 'jobtree:developmentKey': JSON.stringify(publicKey) };
  await deployApp({ ...emulator, ...app, context });
  return { url: await deployedApi(emulator, app.stackName) };
}

/** Ctrl-C is the normal way to end, so the exit code is 0. */
function aborted(signal: AbortSignal): Promise<ServeEnd> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve({ code: 0 });
    signal.addEventListener('abort', () => resolve({ code: 0 }), { once: true });
  });
}
