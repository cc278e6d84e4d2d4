import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { type Emulator, restBase } from './emulator/emulator.ts';
import { localClient } from './local-aws.ts';
import { LocalRefusal } from './local-refusal.ts';

const ANSWER_MILLIS = 10_000;

interface FoundApi {
  readonly stack: string;
  readonly url: string;
}

/** Returns the address of the only job service among the deployed stacks, or among those of this name. */
export async function deployedApi(emulator: Emulator, stackName?: string): Promise<string> {
  const found = await jobServices(emulator, stackName);
  const [first, ...others] = found;
  if (first === undefined) {
    throw new LocalRefusal(
      `the CDK app was deployed, but ${stackName === undefined ? 'no stack' : `the stack '${stackName}'`} has a job service; add new JobService(…) of jobtree/cdk to it`,
    );
  }
  if (others.length === 0) return first.url;
  const names = found.map(({ stack }) => stack).join(', ');
  throw new LocalRefusal(
    `the CDK app has ${found.length} job services, in the stacks ${names}; select one with --stack`,
  );
}

async function jobServices(emulator: Emulator, stackName: string | undefined): Promise<FoundApi[]> {
  const cloudFormation = new CloudFormationClient(localClient(emulator.endpoint));
  try {
    const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({}));
    const names = Stacks.flatMap(({ StackName, StackStatus = '' }) =>
      StackName !== undefined && !StackStatus.startsWith('DELETE') ? [StackName] : [],
    );
    const found: FoundApi[] = [];
    for (const stack of names.filter((name) => stackName === undefined || name === stackName)) {
      const { StackResources = [] } = await cloudFormation.send(
        new DescribeStackResourcesCommand({ StackName: stack }),
      );
      for (const { ResourceType, PhysicalResourceId = '' } of StackResources) {
        if (ResourceType !== 'AWS::ApiGateway::RestApi') continue;
        const url = restBase(emulator, PhysicalResourceId);
        if (await isJobService(url)) found.push({ stack, url });
      }
    }
    return found;
  } finally {
    cloudFormation.destroy();
  }
}

/** A job service reports its health without a token. */
async function isJobService(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(ANSWER_MILLIS) });
    return response.ok && 'version' in Object(await response.json());
  } catch {
    return false;
  }
}
