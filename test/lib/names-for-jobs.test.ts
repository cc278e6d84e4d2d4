import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Resource, type Synthesized, target } from './synthesized.ts';
import { theirFunction, userStack } from './user-stack.ts';

describe('what jobs may use by name', () => {
  let synthesized: Synthesized;
  const propertiesOf = (name: string): Resource['Properties'] =>
    new Map(synthesized.ofType('AWS::Lambda::Function')).get(synthesized.functions.get(name) ?? '')
      ?.Properties ?? {};
  const variablesOf = (name: string) => propertiesOf(name)['Environment'].Variables;
  const rightsOf = (name: string) =>
    JSON.stringify(
      new Map(synthesized.ofType('AWS::IAM::Role')).get(target(propertiesOf(name)['Role']))?.Properties,
    );

  beforeAll(() => {
    ({ synthesized } = userStack((stack) => ({
      httpSecrets: {
        partner: {
          secret: Secret.fromSecretNameV2(stack, 'Partner', 'partner-key'),
          origins: ['https://api.example.com'],
        },
        crm: {
          secret: Secret.fromSecretNameV2(stack, 'Crm', 'crm-key'),
          origins: ['https://crm.example.com'],
          partitions: ['a', 'b'],
        },
      },
      invokableFunctions: {
        legacy: theirFunction(stack),
        ocr: { function: theirFunction(stack, 'Ocr'), partitions: ['a'] },
      },
      webPorts: [8443],
    })));
  });

  test('secrets are read by the worker http only, and sent to their origins only', () => {
    const { JOBTREE_SECRETS: secrets, JOBTREE_WEB: web } = variablesOf('http');

    expect(JSON.stringify(secrets)).toContain('https://api.example.com');
    expect(web).toBe('{"ports":[8443],"isLocal":false}');
    expect(variablesOf('tag')['JOBTREE_SECRETS']).toBeUndefined();
    expect(rightsOf('http')).toContain('"secretsmanager:GetSecretValue"');
    expect(rightsOf('http')).toContain('partner-key-??????');
    for (const name of ['tag', 'invoke-lambda', 'split-batch'])
      expect(rightsOf(name)).not.toContain('secretsmanager');
  });

  test('functions are invoked by the worker invoke-lambda only', () => {
    expect(rightsOf('invoke-lambda')).toContain('"lambda:InvokeFunction"');
    expect(rightsOf('invoke-lambda')).toContain('Legacy');
    expect(rightsOf('http')).not.toContain('lambda:InvokeFunction');
  });

  test('limits to partitions apply in the worker and in the API that creates jobs', () => {
    const worked = JSON.stringify([
      variablesOf('http')['JOBTREE_SECRETS'],
      variablesOf('invoke-lambda')['JOBTREE_FUNCTIONS'],
    ]).replaceAll('\\', '');
    const registry = JSON.parse(synthesized.file('jobs-api', 'registry.json').toString());

    expect(worked).toContain('"origins":["https://crm.example.com"],"partitions":["a","b"]}');
    expect(worked).toContain('"origins":["https://api.example.com"]}');
    expect(worked).toMatch(/"ocr":{"arn":.*"partitions":\["a"\]}/);
    expect(rightsOf('invoke-lambda')).toContain('Ocr');
    // Contains neither ARNs nor origins.
    expect(registry.secrets).toEqual({ partner: {}, crm: { partitions: ['a', 'b'] } });
    expect(registry.functions).toEqual({ legacy: {}, ocr: { partitions: ['a'] } });
  });

  test.each([
    [[], "secret 'p' has no partitions, so no job could use it"],
    [['a', '*'], "partition '*' of secret 'p': the partition id contains a character that is not allowed"],
  ])('partitions %j are refused', (partitions, reason) => {
    const make = () =>
      userStack((stack) => ({
        httpSecrets: {
          p: {
            secret: Secret.fromSecretNameV2(stack, 'P', 'p'),
            origins: ['https://api.example.com'],
            partitions,
          },
        },
      }));

    expect(make).toThrow(reason);
  });

  test('an origin with a path is refused, because the path would be ignored', () => {
    const make = () =>
      userStack((stack) => ({
        httpSecrets: {
          p: {
            secret: Secret.fromSecretNameV2(stack, 'P', 'p'),
            origins: ['https://api.example.com/v1'],
          },
        },
      }));

    expect(make).toThrow("origin 'https://api.example.com/v1' of secret 'p' is not allowed; use the form");
  });
});
