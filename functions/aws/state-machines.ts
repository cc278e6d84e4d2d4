import {
  CreateStateMachineCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StateMachineAlreadyExists,
  StateMachineDoesNotExist,
  StopExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
  UpdateStateMachineCommand,
} from '@aws-sdk/client-sfn';
import type { StateMachines } from '#core/ports.ts';
import { clientSettings } from './runtime.ts';

/** Maximum length of an error's cause. */
const MAX_CAUSE_LENGTH = 1_000;

/**
 * Connects to Step Functions. `address` is `arn:…:stateMachine:<prefix>`; a machine's name follows it.
 * `roleArn` is the role of the machines that `publish` creates; only functions that publish need it.
 */
export function stateMachines(address: string, roleArn?: string): StateMachines {
  const client = new SFNClient(clientSettings(10));
  const addressOf = (name: string) => `${address}-${name}`;
  return {
    addressOf,

    async publish(name, definition) {
      const machine = addressOf(name);
      const text = JSON.stringify(definition);
      for (;;) {
        const updated = await update(client, machine, text, roleArn);
        if (updated !== undefined) return updated;
        const created = await create(client, machine, text, roleArn);
        if (created !== undefined) return created;
      }
    },

    async start(machine, execution, input) {
      try {
        const text = JSON.stringify(input);
        await client.send(
          new StartExecutionCommand({ stateMachineArn: machine, name: execution, input: text }),
        );
      } catch (error) {
        if (error instanceof StateMachineDoesNotExist) return 'missing';
        if (!(error instanceof ExecutionAlreadyExists)) throw error;
      }
      return 'started';
    },

    async stop(machine, execution) {
      try {
        await client.send(new StopExecutionCommand({ executionArn: executionArn(machine, execution) }));
      } catch (error) {
        // An execution that has ended may cause a different error name than one that never existed.
        const isOver = error instanceof Error && error.name === 'ValidationException';
        if (!isOver && !(error instanceof ExecutionDoesNotExist)) throw error;
      }
    },

    succeed: (token, output) =>
      answer(client.send(new SendTaskSuccessCommand({ taskToken: token, output: JSON.stringify(output) }))),

    fail: (token, error, cause) =>
      answer(
        client.send(
          new SendTaskFailureCommand({ taskToken: token, error, cause: cause.slice(0, MAX_CAUSE_LENGTH) }),
        ),
      ),
  };
}

/** Returns the version that the update published; `undefined` if the machine does not exist. */
async function update(
  client: SFNClient,
  machine: string,
  definition: string,
  roleArn: string | undefined,
): Promise<string | undefined> {
  try {
    const { stateMachineVersionArn } = await client.send(
      new UpdateStateMachineCommand({ stateMachineArn: machine, definition, roleArn, publish: true }),
    );
    return stateMachineVersionArn ?? machine;
  } catch (error) {
    if (error instanceof StateMachineDoesNotExist) return undefined;
    throw error;
  }
}

/** Returns `undefined` if the machine was created concurrently. */
async function create(
  client: SFNClient,
  machine: string,
  definition: string,
  roleArn: string | undefined,
): Promise<string | undefined> {
  try {
    const name = machine.slice(machine.lastIndexOf(':') + 1);
    const { stateMachineVersionArn } = await client.send(
      new CreateStateMachineCommand({ name, definition, roleArn, publish: true }),
    );
    return stateMachineVersionArn ?? machine;
  } catch (error) {
    if (error instanceof StateMachineAlreadyExists) return undefined;
    throw error;
  }
}

/** Returns the ARN of an execution by name, for a machine ARN with or without a version. */
function executionArn(machine: string, execution: string): string {
  const [arn, partition, service, region, account, , name] = machine.split(':');
  return [arn, partition, service, region, account, 'execution', name, execution].join(':');
}

async function answer(sent: Promise<unknown>): Promise<'answered' | 'gone'> {
  try {
    await sent;
    return 'answered';
  } catch (error) {
    if (error instanceof TaskDoesNotExist || error instanceof TaskTimedOut) return 'gone';
    throw error;
  }
}
