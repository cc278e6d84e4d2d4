import { fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { mapParameters } from '../../../functions/creation/evaluator.ts';
import { projectCode, startLockedProcess } from '../../../functions/creation/locked-process.ts';

const INTRUDER = fileURLToPath(new URL('./intruder.ts', import.meta.url));

interface Told {
  readonly variables: number;
  readonly outside: Readonly<Record<string, string>>;
  readonly before: Readonly<Record<string, string>>;
  readonly inside: Readonly<Record<string, string>>;
}

async function told(child: ReturnType<typeof fork>): Promise<Told> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the intruder ended with ${code}`);
  });
  const [message] = await Promise.race([once(child, 'message'), ended]);
  child.kill('SIGKILL');
  return message as Told;
}

describe('code in the process that evaluates expressions', () => {
  test('reads no environment, no file, starts nothing and writes nothing', async () => {
    process.env['JOBTREE_CANARY'] = 'secret';

    const { variables, outside } = await told(
      startLockedProcess(INTRUDER, [...projectCode(), INTRUDER], 128),
    );

    expect(variables).toBe(0);
    expect(new Set(Object.values(outside))).toEqual(new Set(['ERR_ACCESS_DENIED']));
    expect(Object.keys(outside).length).toBeGreaterThan(8);
  });

  test('cannot evaluate text, load modules, reach the network or change built-ins, once it is locked down', async () => {
    const { before, inside } = await told(startLockedProcess(INTRUDER, [...projectCode(), INTRUDER], 128));

    expect(before).toEqual({ 'make code of text': 'DONE', connect: 'ECONNREFUSED' });
    expect(Object.entries(inside).filter(([, outcome]) => outcome === 'DONE')).toEqual([]);
  });

  test('allows all of this in an ordinary process, so the attempts are real', async () => {
    const { outside } = await told(fork(INTRUDER, [], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] }));

    rmSync('/tmp/jobtree-intruder');
    const done = Object.entries(outside).filter(([, outcome]) => outcome === 'DONE');
    expect(done.map(([name]) => name)).toEqual(
      expect.arrayContaining(['read the environment of its parent', 'start a process', 'write a file']),
    );
  });
});

describe('an expression', () => {
  const evaluate = (mapping: string) => {
    const type = { name: 't', version: '1', mapping, description: '', configuration: {}, constants: {} };
    return mapParameters(type, { parameters: undefined, partitionId: 'p', jobId: 'j' });
  };

  test.each([
    '$.constructor',
    '"".constructor.constructor("return process")()',
    '[].constructor.constructor("return process.env")()',
    '{}.__proto__.constructor',
    '$lookup({}, "__proto__")',
    '$lookup($sum, "constructor")',
    '$sum.constructor("return process")()',
    '(function($x){$x}).constructor',
    '$eval("$.constructor.constructor(\'return process\')()")',
    '$map.implementation.constructor("return process")()',
    '$sum.implementation.constructor.constructor("return process.env")()',
    '$.environment.lookup',
    '$each({"a": 1}, $string.implementation)',
    '{"__proto__": {"isAdmin": true}} ~> $lookup("isAdmin") = true ? $error("polluted") : constructor',
    '$ ~> | $ | {"__proto__": {"isAdmin": true}} | ~> $lookup("constructor")',
    '$spread($sum).constructor',
    '$merge([{"__proto__": {"x": 1}}]).constructor.constructor',
  ])('gets hold of no constructor and no process: %s', async (mapping) => {
    const mapped = await evaluate(mapping);

    const text = mapped.kind === 'yields' ? mapped.text : '';
    expect(text).not.toMatch(/versions|execPath|native code|AWS_|isAdmin/);
    expect(mapped.kind === 'yields' && !/^(null|\{\}|\[\]|"[^"]{0,40}")$/.test(text) ? text : '').toBe('');
  });

  test('leaves nothing behind for the next one', async () => {
    await evaluate(
      '$merge([{"__proto__": {"isAdmin": true}}, {"constructor": {"prototype": {"isAdmin": true}}}])',
    );
    await evaluate('$ ~> |$|{"__proto__": {"isAdmin": true}}|');

    expect(await evaluate('{"seen": $exists({}.isAdmin)}')).toMatchObject({ text: '{"seen":false}' });
  });

  test('may still yield members with the names of built-in ones', async () => {
    const mapped = await evaluate('{"constructor": 1, "toString": 2, "valueOf": {"hasOwnProperty": 3}}');

    expect(mapped).toMatchObject({ text: '{"constructor":1,"toString":2,"valueOf":{"hasOwnProperty":3}}' });
  });
});
