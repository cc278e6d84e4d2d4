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
    // Pages upload to the bucket by signed URLs.
    synthesized.template.hasResourceProperties('AWS::S3::Bucket', { CorsConfiguration: {} });
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
