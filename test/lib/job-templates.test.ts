import { beforeAll, describe, expect, test } from 'vitest';
import { type Synthesized, synthesize } from './synthesized.ts';

let synthesized: Synthesized;

beforeAll(() => {
  synthesized = synthesize();
});

const machines = () => synthesized.ofType('AWS::StepFunctions::StateMachine');

describe('state machines of templates', () => {
  test('exist for each included template, named by a hash of its content', () => {
    const names = machines().map(([, { Properties }]) => String(Properties['StateMachineName']));
    const templates = ['export', 'export-job', 'merge-to-pdf', 'production', 'reprocess', 'unpack'];

    expect(names.map((name) => /-([a-z-]+)_[0-9a-f]{8}$/.exec(name)?.[1]).sort()).toEqual(
      templates.map((name) => expect.stringMatching(new RegExp(`${name}$`))),
    );
    expect(Math.max(...names.map(({ length }) => length))).toBeLessThanOrEqual(80);
  });

  test('are kept when their template changes, because waiting jobs need them', () => {
    const policies = machines().map(([, machine]) => machine as unknown as Record<string, unknown>);

    expect(policies.map((machine) => machine['UpdateReplacePolicy'])).toEqual(machines().map(() => 'Retain'));
  });

  test('wait for each token with a heartbeat and a timeout', () => {
    for (const [, { Properties }] of machines()) {
      const text = JSON.stringify(Properties['DefinitionString']);
      const count = (words: string) => text.split(words).length - 1;

      expect(count('waitForTaskToken')).toBeGreaterThan(0);
      expect(count('HeartbeatSeconds')).toBe(count('waitForTaskToken'));
      expect(count('TimeoutSeconds')).toBe(count('waitForTaskToken'));
    }
  });

  test('may send to the split queue and the results queue, and nothing else', () => {
    const roles = synthesized
      .ofType('AWS::IAM::Role')
      .filter(([, { Properties }]) =>
        JSON.stringify(Properties['AssumeRolePolicyDocument']).includes('states.'),
      );

    expect(roles).toHaveLength(1);
    const statements = roles.flatMap(
      ([, { Properties }]) => Properties['Policies'][0].PolicyDocument.Statement,
    );
    expect(statements).toHaveLength(1);
    expect(statements[0].Action).toBe('sqs:SendMessage');
    expect(statements[0].Resource).toHaveLength(2);
  });
});
