import { parseCommandLine } from './command-line.ts';
import { deployStack } from './deployment.ts';
import { developmentKey } from './development-key.ts';
import {
  deployCommand,
  EMULATORS,
  type Emulator,
  type EmulatorTarget,
  restBase,
} from './emulator/emulator.ts';
import { localstackTarget } from './emulator/localstack-target.ts';
import { ministackTarget } from './emulator/ministack.ts';
import { latestLogLines } from './function-logs.ts';
import { LocalRefusal, runMain } from './local-refusal.ts';
import { deployedOutputs, stackOutputs } from './stack-outputs.ts';
import { parsePartitions, parseRole, signToken } from './token.ts';

interface Invocation {
  readonly target: EmulatorTarget;
  readonly operand: string | undefined;
  readonly partitions: string;
  readonly role: string;
}

const USAGE =
  "npm run local -- up | deploy | down | status | url | token [--partitions p1,p2 or '*'] [--role viewer|operator|admin] | logs <function>  [--on ministack|localstack]";

const OPTIONS = {
  on: { type: 'string', default: 'ministack' },
  partitions: { type: 'string', default: '*' },
  role: { type: 'string', default: 'admin' },
} as const;

// Each command returns the text for stdout. All other output goes to stderr.
const COMMANDS: Readonly<Record<string, (invocation: Invocation) => Promise<string | undefined>>> = {
  up: async ({ target }) => {
    const { kind, endpoint } = await target.up();
    console.error(`${kind} is up at ${endpoint}`);
    return undefined;
  },
  deploy: async ({ target }) => {
    const emulator = await target.up();
    const { ApiId = '' } = await deployStack(emulator);
    console.error(`the stack is deployed: ${restBase(emulator, ApiId)}`);
    return undefined;
  },
  down: async ({ target }) => {
    console.error(await target.down());
    return undefined;
  },
  status: ({ target }) => describe(target),
  url: async ({ target }) => {
    const emulator = await runningEmulator(target);
    const { ApiId = '' } = await deployedOutputs(emulator);
    return restBase(emulator, ApiId);
  },
  token: async ({ partitions, role }) =>
    signToken({ partitions: parsePartitions(partitions), role: parseRole(role) }, developmentKey()),
  logs: async ({ target, operand }) => {
    if (!operand)
      throw new LocalRefusal('logs needs the name of a function: npm run local -- logs track-results');
    const lines = await latestLogLines(await runningEmulator(target), operand);
    if (lines.length === 0) console.error(`${operand} has no log lines yet`);
    return lines.length > 0 ? lines.join('\n') : undefined;
  },
};

await runMain(async () => {
  const { command, ...invocation } = readInvocation();
  const run = COMMANDS[command];
  if (!run) throw new LocalRefusal(`unknown command '${command}'; allowed:\n  ${USAGE}`);
  const output = await run(invocation);
  if (output !== undefined) process.stdout.write(`${output}\n`);
  return 0;
});

function readInvocation(): Invocation & { command: string } {
  const { values, positionals } = parseCommandLine({ allowPositionals: true, options: OPTIONS }, USAGE);
  const [command, operand, ...extraOperands] = positionals;
  if (command === undefined) throw new LocalRefusal(`a command is missing; allowed:\n  ${USAGE}`);
  if (extraOperands.length > 0 || (operand !== undefined && command !== 'logs')) {
    throw new LocalRefusal(`'${command}' takes no '${extraOperands[0] ?? operand}'; allowed:\n  ${USAGE}`);
  }
  return {
    command,
    operand,
    target: chooseTarget(values.on),
    partitions: values.partitions,
    role: values.role,
  };
}

function chooseTarget(name: string): EmulatorTarget {
  if (name === 'ministack') return ministackTarget();
  if (name === 'localstack') return localstackTarget();
  throw new LocalRefusal(`--on is '${name}'; allowed: ${EMULATORS.join(', ')}`);
}

async function runningEmulator(target: EmulatorTarget): Promise<Emulator> {
  const emulator = await target.find();
  if (emulator) return emulator;
  const { kind } = target;
  throw new LocalRefusal(
    kind === 'ministack'
      ? `ministack is not running; start it and deploy the stack: ${deployCommand(kind)}`
      : `LocalStack does not respond; start it, set AWS_ENDPOINT_URL to its address, then: ${deployCommand(kind)}`,
  );
}

async function describe(target: EmulatorTarget): Promise<string> {
  const emulator = await target.find();
  if (!emulator) return `${target.kind}: down`;
  const outputs = await stackOutputs(emulator.endpoint);
  const stack = outputs ? `deployed, ${restBase(emulator, outputs['ApiId'] ?? '')}` : 'not deployed';
  return `${emulator.kind}: up at ${emulator.endpoint}\nstack: ${stack}`;
}
