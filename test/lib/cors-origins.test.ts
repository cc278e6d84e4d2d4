import { describe, expect, test } from 'vitest';
import { type Synthesized, synthesize } from './synthesized.ts';

const ORIGIN = 'https://app.example.com';

function originsOfGateway(synthesized: Synthesized): unknown[] {
  const responses = synthesized.ofType('AWS::ApiGateway::GatewayResponse');
  const origins = responses.map(
    ([, { Properties }]) =>
      Properties['ResponseParameters']['gatewayresponse.header.Access-Control-Allow-Origin'],
  );
  return [...new Set(origins)];
}

function originsOfBucket(synthesized: Synthesized): unknown[] {
  const buckets = synthesized.ofType('AWS::S3::Bucket').map(([, { Properties }]) => Properties);
  const rules = buckets.flatMap(({ CorsConfiguration }) => CorsConfiguration?.CorsRules ?? []);
  return rules.flatMap(({ AllowedOrigins }) => AllowedOrigins);
}

describe('origins that may use signed URLs of the bucket', () => {
  test('are the origin of the console and those of `corsOrigins`', () => {
    const synthesized = synthesize({ corsOrigins: [ORIGIN] });

    const [[api, { DependsOn }] = ['', {}]] = synthesized.ofType('AWS::ApiGateway::RestApi') as [
      string,
      { DependsOn?: unknown },
    ][];
    const suffix = { Ref: 'AWS::URLSuffix' };
    const parts = ['https://', { Ref: api }, '.execute-api.', { Ref: 'AWS::Region' }, '.', suffix];
    expect(originsOfBucket(synthesized)).toEqual([{ 'Fn::Join': ['', parts] }, ORIGIN]);
    // The bucket waits for the API, so the API must wait for nothing that needs the bucket.
    expect(DependsOn).toBeUndefined();
  });

  test('are none without a console and without `corsOrigins`', () => {
    expect(originsOfBucket(synthesize({ console: false }))).toEqual([]);
  });

  test('are those of this machine on an emulator', () => {
    expect(originsOfBucket(synthesize({ local: true }))).toEqual([
      'http://127.0.0.1:*',
      'http://localhost:*',
    ]);
  });
});

describe('origins that may call the API', () => {
  test('are none by default', () => {
    const synthesized = synthesize();

    expect(JSON.parse(synthesized.file('jobs-api', 'cors.json').toString())).toEqual([]);
    expect(originsOfGateway(synthesized)).toEqual([undefined]);
  });

  test('are next to the code of the API, and in the responses of the gateway', () => {
    const synthesized = synthesize({ corsOrigins: [ORIGIN], console: false });

    expect(JSON.parse(synthesized.file('jobs-api', 'cors.json').toString())).toEqual([ORIGIN]);
    expect(originsOfGateway(synthesized)).toEqual([`'${ORIGIN}'`]);
    expect(originsOfBucket(synthesized)).toEqual([ORIGIN]);
  });

  test('are all for the constant responses of the gateway if there are several', () => {
    const synthesized = synthesize({ corsOrigins: [ORIGIN, 'http://localhost:5173'] });

    expect(originsOfGateway(synthesized)).toEqual(["'*'"]);
  });

  test.each([
    '*',
    'https://app.example.com/',
    'app.example.com',
    'https://*.example.com',
    'null',
    'ftp://a.b',
  ])('are refused if they are no origins: %s', (origin) => {
    expect(() => synthesize({ corsOrigins: [origin] })).toThrow(`corsOrigins has '${origin}'; use an origin`);
  });
});
