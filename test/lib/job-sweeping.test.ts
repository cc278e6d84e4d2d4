import { beforeAll, expect, test } from 'vitest';
import { type Synthesized, synthesize, target } from './synthesized.ts';

let synthesized: Synthesized;
let sweeper: string;

beforeAll(() => {
  synthesized = synthesize();
  sweeper = synthesized.functions.get('sweep-jobs') ?? 'none';
});

const propertiesOf = (type: string) => synthesized.ofType(type).map(([, { Properties }]) => Properties);

test('the sweeper is called each minute, without retries', () => {
  const rules = propertiesOf('AWS::Events::Rule');
  const [targeted] = rules.flatMap(({ Targets }) => Targets);
  const [invoke] = propertiesOf('AWS::Lambda::EventInvokeConfig');

  expect(rules).toMatchObject([{ ScheduleExpression: 'rate(1 minute)', State: 'ENABLED' }]);
  expect(target(targeted.Arn)).toBe(sweeper);
  expect(targeted.RetryPolicy).toMatchObject({ MaximumRetryAttempts: 0 });
  expect(target(invoke?.['FunctionName'])).toBe(sweeper);
  expect(invoke).toMatchObject({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 });
});

test('the sweeper ends before the next one starts', () => {
  const [[, lambda] = []] = synthesized.ofType('AWS::Lambda::Function').filter(([id]) => id === sweeper);

  expect(lambda?.Properties['Timeout']).toBe(60);
});

test('a sweeper that fails for five consecutive minutes raises an alarm', () => {
  const alarms = propertiesOf('AWS::CloudWatch::Alarm').filter(({ Dimensions = [] }) =>
    Dimensions.some(({ Value }: { Value: unknown }) => target(Value) === sweeper),
  );

  expect(alarms).toMatchObject([{ MetricName: 'Errors', EvaluationPeriods: 5, Threshold: 0, Period: 60 }]);
});

test('the sweeper may only query due jobs, and cannot access objects', () => {
  const lambda = new Map(synthesized.ofType('AWS::Lambda::Function')).get(sweeper);
  const role = new Map(synthesized.ofType('AWS::IAM::Role')).get(target(lambda?.Properties['Role']));
  const rights: { Action: string | string[]; Resource: unknown }[] =
    role?.Properties['Policies'][0].PolicyDocument.Statement;

  const queries = rights.filter(({ Action }) => [Action].flat().includes('dynamodb:Query'));
  const services = new Set(rights.flatMap(({ Action }) => Action).map((action) => action.split(':')[0]));
  expect(queries.map(({ Resource }) => Resource)).toEqual([
    { 'Fn::Join': ['', [{ 'Fn::GetAtt': [expect.any(String), 'Arn'] }, '/index/due']] },
  ]);
  expect(services).toEqual(new Set(['logs', 'dynamodb']));
});
