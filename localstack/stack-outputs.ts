import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { deployCommand, type Emulator } from './emulator/emulator.ts';
import { DEFAULT_STACK, localClient } from './local-aws.ts';
import { LocalRefusal } from './local-refusal.ts';

/** Outputs of a deployed stack by name: `ApiId`, `BucketName`, … */
export type StackOutputs = Readonly<Record<string, string>>;

/** Returns the outputs of a completely deployed stack; `undefined` if there is none. */
export async function stackOutputs(
  endpoint: string,
  stackName = DEFAULT_STACK,
): Promise<StackOutputs | undefined> {
  const cloudFormation = new CloudFormationClient(localClient(endpoint));
  try {
    const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: stackName }));
    const stack = Stacks.find(({ StackStatus = '' }) => /^(CREATE|UPDATE)_COMPLETE$/.test(StackStatus));
    const entries = stack?.Outputs?.map(
      ({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue] as const,
    );
    return stack && Object.fromEntries(entries ?? []);
  } catch (error) {
    if (error instanceof Error && error.name === 'ValidationError') return undefined;
    throw error;
  } finally {
    cloudFormation.destroy();
  }
}

/** Like `stackOutputs`, but throws if the stack is not deployed. */
export async function deployedOutputs(
  { kind, endpoint }: Pick<Emulator, 'kind' | 'endpoint'>,
  stackName = DEFAULT_STACK,
): Promise<StackOutputs> {
  const outputs = await stackOutputs(endpoint, stackName);
  if (outputs) return outputs;
  throw new LocalRefusal(
    `the stack ${stackName} is not deployed at ${endpoint}; deploy it first: ${deployCommand(kind)}`,
  );
}
