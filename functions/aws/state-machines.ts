import type { StateMachines } from '#core/ports.ts';
import { codeOf, type StatesCall } from './calls.ts';

/** Maximum length of an error's cause. */
const MAX_CAUSE_LENGTH = 1_000;

/**
 * Connects to Step Functions. `address` is `arn:…:stateMachine:<prefix>`; a machine's name follows it.
 * `roleArn` is the role of the machines that `publish` creates; only functions that publish need it.
 */
export function stateMachines(states: StatesCall, address: string, roleArn?: string): StateMachines {
  const addressOf = (name: string) => `${address}-${name}`;
  return {
    addressOf,

    async publish(name, definition) {
      const machine = addressOf(name);
      const text = JSON.stringify(definition);
      for (;;) {
        const updated = await update(states, machine, text, roleArn);
        if (updated !== undefined) return updated;
        const created = await create(states, machine, text, roleArn);
        if (created !== undefined) return created;
      }
    },

    async start(machine, execution, input) {
      try {
        const text = JSON.stringify(input);
        await states('StartExecution', { stateMachineArn: machine, name: execution, input: text });
      } catch (error) {
        if (codeOf(error) === 'StateMachineDoesNotExist') return 'missing';
        if (codeOf(error) !== 'ExecutionAlreadyExists') throw error;
      }
      return 'started';
    },

    async stop(machine, execution) {
      try {
        await states('StopExecution', { executionArn: executionArn(machine, execution) });
      } catch (error) {
        // An execution that has ended may cause a different error name than one that never existed.
        const isOver = ['ValidationException', 'ExecutionDoesNotExist'].includes(codeOf(error) ?? '');
        if (!isOver) throw error;
      }
    },

    succeed: (token, output) =>
      answer(states('SendTaskSuccess', { taskToken: token, output: JSON.stringify(output) })),

    fail: (token, error, cause) =>
      answer(states('SendTaskFailure', { taskToken: token, error, cause: cause.slice(0, MAX_CAUSE_LENGTH) })),
  };
}

/** Returns the version that the update published; `undefined` if the machine does not exist. */
async function update(
  states: StatesCall,
  machine: string,
  definition: string,
  roleArn: string | undefined,
): Promise<string | undefined> {
  try {
    const input = { stateMachineArn: machine, definition, roleArn, publish: true };
    const { stateMachineVersionArn } = await states('UpdateStateMachine', input);
    return stateMachineVersionArn ?? machine;
  } catch (error) {
    if (codeOf(error) === 'StateMachineDoesNotExist') return undefined;
    throw error;
  }
}

/** Returns `undefined` if the machine was created concurrently. */
async function create(
  states: StatesCall,
  machine: string,
  definition: string,
  roleArn: string | undefined,
): Promise<string | undefined> {
  try {
    const name = machine.slice(machine.lastIndexOf(':') + 1);
    const { stateMachineVersionArn } = await states('CreateStateMachine', {
      name,
      definition,
      roleArn,
      publish: true,
    });
    return stateMachineVersionArn ?? machine;
  } catch (error) {
    if (codeOf(error) === 'StateMachineAlreadyExists') return undefined;
    throw error;
  }
}

/** Returns the ARN of an execution by name, for a machine ARN with or without a version. */
function executionArn(machine: string, execution: string): string {
  const [arn, partition, service, region, account, , name] = machine.split(':');
  return [arn, partition, service, region, account, 'execution', name, execution].join(':');
}

async function answer(sent: Promise<unknown>): Promise<'delivered' | 'gone'> {
  try {
    await sent;
    return 'delivered';
  } catch (error) {
    if (['TaskDoesNotExist', 'TaskTimedOut'].includes(codeOf(error) ?? '')) return 'gone';
    throw error;
  }
}
