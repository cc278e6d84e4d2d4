import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { ROUTES } from '#contract/routes.ts';
import { gatewayPaths } from '../../lib/jobs-api.ts';
import { type Synthesized, synthesize } from './synthesized.ts';

/** The root, all other paths, and two for each of the console and the docs. */
const OTHER_METHODS = 6;

let synthesized: Synthesized;

beforeAll(() => {
  synthesized = synthesize();
});

const of = (type: string) => synthesized.ofType(type);

describe('the API', () => {
  test('has no authorizer and passes every method to the handler, which checks the token', () => {
    const { functions } = synthesized;
    const handlers = ['jobs-api', 'serve-pages'].map((name) => `"${functions.get(name) ?? 'none'}"`);

    expect(of('AWS::ApiGateway::Authorizer')).toEqual([]);
    for (const [, { Properties }] of of('AWS::ApiGateway::Method')) {
      expect(Properties).toMatchObject({ HttpMethod: 'ANY', AuthorizationType: 'NONE' });
      expect(Properties['Integration'].Type).toBe('AWS_PROXY');
      const uri = JSON.stringify(Properties['Integration'].Uri);
      expect(handlers.filter((handler) => uri.includes(handler))).toHaveLength(1);
    }
  });

  test('has a resource for every route, the root, the pages and all other paths', () => {
    const paths = new Set(ROUTES.map(({ path }) => path));

    expect(of('AWS::ApiGateway::Method').length).toBe(paths.size + OTHER_METHODS);
    const parts = of('AWS::ApiGateway::Resource').map(([, { Properties }]) => Properties['PathPart']);
    for (const path of paths) for (const part of path.split('/').slice(1)) expect(parts).toContain(part);
    expect(parts).toContain('{route+}');
  });

  test('has an address to which the paths of the docs can be appended', () => {
    const [ref] = Object.values(synthesized.template.findOutputs('ApiUrl')).map(({ Value }) => Value);
    const parts: unknown[] = ref['Fn::Join'][1];

    expect(parts[0]).toBe('https://');
    // The name of the stage, without a slash after it.
    expect(parts.at(-1)).toEqual({ Ref: expect.stringContaining('Stage') });
  });

  test('has gateway responses with problems of a literal status', () => {
    const page = readFileSync('docs/reference/http-api.md', 'utf8');

    for (const [, { Properties }] of of('AWS::ApiGateway::GatewayResponse')) {
      const [start, ...rest] = Properties['ResponseTemplates']['application/json']['Fn::Join'][1];
      const problem = JSON.parse([start, 'region', rest.at(-1)].join(''));
      expect(problem.type).toMatch(
        /^https:\/\/\$context\.apiId\.execute-api\.region.*\/docs\/reference\/http-api#/,
      );
      expect(problem.message).toBe(problem.detail);
      expect(problem.status).toBe(Number(Properties['StatusCode']));
      expect(page).toContain(`<a id="${problem.code}"></a>`);
      expect(Properties['ResponseParameters']['gatewayresponse.header.Content-Type']).toBe(
        "'application/problem+json'",
      );
    }
    expect(statusOf('MISSING_AUTHENTICATION_TOKEN')).toBe('404');
    expect(statusOf('THROTTLED')).toBe('429');
  });

  test('writes an access log only after the gateway has permission', () => {
    const [[, stage] = []] = of('AWS::ApiGateway::Stage');
    const [[account] = []] = of('AWS::ApiGateway::Account');

    expect(stage?.Properties['AccessLogSetting'].Format).not.toContain('$context.path"');
    expect(stage?.DependsOn).toContain(account);
  });

  test('has one resource for a parameter and its suffixes, with one name', () => {
    expect(gatewayPaths(['/a/{x}/c', '/a/{x}:test', '/a/{x}', '/a/b'])).toEqual([
      '/a/b',
      '/a/{x}',
      '/a/{x}/c',
    ]);
    expect(() => gatewayPaths(['/a/{x}', '/a/{y}/c'])).toThrow("'/a/{x}' and '/a/{y}' are the same resource");
  });

  function statusOf(type: string): string | undefined {
    const found = of('AWS::ApiGateway::GatewayResponse').find(
      ([, { Properties }]) => Properties['ResponseType'] === type,
    );
    return found?.[1].Properties['StatusCode'];
  }
});
