import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runCommand, tail } from './command.ts';
import { deploymentInputs } from './deployment-inputs.ts';
import {
  DEFAULT_STACK,
  directAccess,
  environmentWithoutAws,
  localAwsEnv,
  PROJECT_ROOT,
  projectPath,
  REGION,
  STATE_ROOT,
} from './local-aws.ts';
import { LocalRefusal } from './local-refusal.ts';
import { type StackOutputs, stackOutputs } from './stack-outputs.ts';

export interface DeployOptions {
  readonly endpoint: string;
  /** @default 'jobtree' */
  readonly stackName?: string;
  /**
   * Identifies a run of the emulator. A stack that was deployed to it is not deployed again while its inputs
   * are unchanged. @default always deploys
   */
  readonly instance?: string;
  /** @default .jobtree/<host and port> */
  readonly stateDir?: string;
  /** Folder with the cdk.json. @default the project */
  readonly appDir?: string;
  /** Command that synthesizes the app. @default - the one in cdk.json */
  readonly app?: string;
  /** Values for the CDK's option `-c`. @default none */
  readonly context?: Readonly<Record<string, string>>;
  /** Receives progress messages. @default stderr */
  readonly onProgress?: (text: string) => void;
}

const EMULATED_ENVIRONMENT = `aws://000000000000/${REGION}`;
const BOOTSTRAP_STACK = 'CDKToolkit';
// A change set would need two more rounds of polling, and is not reviewed here.
const DEPLOY = 'deploy --all --require-approval never --method direct --progress events'.split(' ');

/** Deploys the stack, unless it is deployed already. Only the endpoint differs from a deployment to AWS. */
export async function deployStack(options: DeployOptions): Promise<StackOutputs> {
  const { endpoint, stackName = DEFAULT_STACK, instance, appDir = PROJECT_ROOT, context = {} } = options;
  const stateDir = stateDirOf(options);
  const deploymentFile = join(stateDir, 'deployed.json');
  const inputs = JSON.stringify({ instance, stackName, context, inputs: deploymentInputs(appDir) });
  if (instance && readIfThere(deploymentFile) === inputs) {
    const outputs = await stackOutputs(endpoint, stackName);
    if (outputs) return outputs;
  }
  await deployApp({ ...options, stackName, stateDir });
  const outputs = await stackOutputs(endpoint, stackName);
  if (!outputs) throw new LocalRefusal(absentStack(appDir, stackName));
  writeFileSync(deploymentFile, inputs);
  return outputs;
}

/** Deploys all stacks of a CDK app with the CDK command line. */
export async function deployApp(options: DeployOptions): Promise<void> {
  const { endpoint, appDir = PROJECT_ROOT, app, context = {}, onProgress = console.error } = options;
  const stateDir = stateDirOf(options);
  const startTime = performance.now();
  mkdirSync(stateDir, { recursive: true });
  if (!(await stackOutputs(endpoint, BOOTSTRAP_STACK))) {
    onProgress('preparing the emulator for the CDK (cdk bootstrap) …');
    // In the app's folder, the CDK would build the whole app first, which bootstrapping does not need.
    await cdk(['bootstrap', EMULATED_ENVIRONMENT], { endpoint, stateDir, appDir: stateDir });
  }
  onProgress(
    `deploying ${options.stackName === undefined ? 'the app' : `the stack ${options.stackName}`} (cdk deploy) …`,
  );
  const values = Object.entries(context).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const appOption = app === undefined ? [] : ['--app', app];
  await cdk([...DEPLOY, ...appOption, ...values], { endpoint, stateDir, appDir });
  onProgress(`deployed in ${((performance.now() - startTime) / 1000).toFixed(0)} s`);
}

function stateDirOf({ endpoint, stateDir }: DeployOptions): string {
  return resolve(stateDir ?? join(STATE_ROOT, new URL(endpoint).host.replace(':', '-')));
}

function absentStack(appDir: string, stackName: string): string {
  return `the CDK app in ${appDir} was deployed, but it has no stack '${stackName}'; pass the name of one of its stacks`;
}

async function cdk(
  args: string[],
  { endpoint, stateDir, appDir }: Required<Pick<DeployOptions, 'endpoint' | 'stateDir' | 'appDir'>>,
) {
  const env = {
    ...environmentWithoutAws(),
    ...localAwsEnv(endpoint),
    ...directAccess(endpoint),
    PATH: projectPath(),
    CDK_DISABLE_CLI_TELEMETRY: 'true',
  };
  const output = ['--output', join(stateDir, 'cdk.out')];
  const result = await runCommand('cdk', [...args, ...output, '--no-notices', '--no-color'], {
    env,
    cwd: appDir,
  });
  const log = join(stateDir, `cdk-${args[0]}.log`);
  writeFileSync(log, result.output);
  if (result.code === 0) return;
  if (result.code === -1) {
    throw new LocalRefusal(
      `the CDK command line could not be started (${result.output}); install it in the app: npm install --save-dev aws-cdk`,
    );
  }
  throw new LocalRefusal(
    `cdk ${args[0]} at ${endpoint} ended with code ${result.code}; fix the error in its last lines (full log: ${log}) and try again:\n${tail(result.output, 25)}`,
  );
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
