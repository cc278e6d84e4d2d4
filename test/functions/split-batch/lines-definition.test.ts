/** Definitions that cannot work are refused when the job is created, by the schema of the API and by the one of the splitter. */
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { TEXT_ENCODINGS } from '#core/text-encodings.ts';
import { compileSchema } from '../../../functions/creation/json-schema.ts';
import { linesDefinition } from '../../../functions/split-batch/splitters/lines-definition.ts';
import { jsonSchema } from '../../../lib/registry.ts';

const check = compileSchema(jsonSchema(linesDefinition));

interface Fault {
  readonly path: readonly string[];
  readonly reason: string;
}

/** Returns the faults that both schemas find. */
function faultsOf(members: object): { readonly api: readonly Fault[]; readonly splitter: readonly Fault[] } {
  const definition = { source: 'upload:x', format: 'csv', ...members };
  const parsed = v.safeParse(linesDefinition, definition);
  return {
    api: check(definition).map(({ path, detail }) => ({ path, reason: detail })),
    splitter:
      parsed.issues?.map(({ path = [], message }) => ({
        path: path.map(({ key }) => String(key)),
        reason: message,
      })) ?? [],
  };
}

describe('texts that cannot be told apart are refused with both members:', () => {
  test.each([
    [{ delimiter: '"' }, 'delimiter', 'quote'],
    [{ delimiter: ',"' }, 'delimiter', 'quote'],
    [{ delimiter: "'", quote: "'" }, 'delimiter', 'quote'],
    [{ delimiter: "|'|", quote: "'" }, 'delimiter', 'quote'],
    [{ quote: ',' }, 'quote', 'delimiter'],
    [{ quote: '😀', delimiter: 'a😀' }, 'delimiter', 'quote'],
    [{ delimiter: '\\', escape: '\\' }, 'delimiter', 'escape'],
    [{ delimiter: '\\t', escape: '\\' }, 'delimiter', 'escape'],
    [{ escape: ',' }, 'escape', 'delimiter'],
    [{ delimiter: '||', recordSeparator: '|' }, 'delimiter', 'recordSeparator'],
    [{ delimiter: ';', recordSeparator: ';' }, 'delimiter', 'recordSeparator'],
    [{ recordSeparator: ',' }, 'recordSeparator', 'delimiter'],
    [{ recordSeparator: '"\n' }, 'recordSeparator', 'quote'],
    [{ recordSeparator: "'", quote: "'" }, 'recordSeparator', 'quote'],
    [{ recordSeparator: '\\n', escape: '\\' }, 'recordSeparator', 'escape'],
    [{ delimiter: 'auto', recordSeparator: "'", quote: "'" }, 'recordSeparator', 'quote'],
    [{ quote: '', escape: '\\' }, 'escape', 'quote'],
  ])('%j', (members, at, other) => {
    const { api, splitter } = faultsOf(members);

    expect(api).toEqual([{ path: [at], reason: expect.stringContaining(other) }]);
    expect(splitter).toEqual(api);
  });
});

test.each([
  ['delimiter', ''],
  ['delimiter', 'a\n'],
  ['delimiter', '\r'],
  ['delimiter', '123456789'],
  ['quote', '\n'],
  ['quote', 'ab'],
  ['escape', ''],
  ['escape', '\r'],
  ['escape', 'ab'],
  ['recordSeparator', ''],
  ['recordSeparator', '123456789'],
])('%s may not be %j', (member, text) => {
  const { api, splitter } = faultsOf({ [member]: text });

  expect(api.map(({ path }) => path)).toEqual([[member]]);
  expect(splitter.map(({ path }) => path)).toEqual([[member]]);
});

test.each([
  { quote: '' },
  { quote: '', delimiter: '"' },
  { quote: "'", delimiter: '"' },
  { quote: '"', escape: '"' },
  { quote: ',', delimiter: 'auto' },
  { delimiter: ';', recordSeparator: ';\n' },
  { format: 'text', recordSeparator: '"' },
  { format: 'jsonl', recordSeparator: ',' },
])('%j is accepted', (members) => {
  expect(faultsOf(members)).toEqual({ api: [], splitter: [] });
});

describe('an encoding', () => {
  test.each([
    ['UTF-8', 'utf-8'],
    [' cp1252 ', 'windows-1252'],
    ['Latin1', 'windows-1252'],
    ['sjis', 'shift_jis'],
    ['x-sjis', 'shift_jis'],
    ['windows-31j', 'shift_jis'],
    ['ks_c_5601-1987', 'euc-kr'],
    ['GB2312', 'gbk'],
    ['big5-hkscs', 'big5'],
    ['utf-16', 'utf-16le'],
    ['cp866', 'ibm866'],
    ['latin5', 'windows-1254'],
    ['\tISO-8859-16\n', 'iso-8859-16'],
    ...TEXT_ENCODINGS.map((name) => [name, name]),
  ])('may have the label %j', (label, name) => {
    expect(faultsOf({ encoding: label })).toEqual({ api: [], splitter: [] });
    expect(v.parse(linesDefinition, { source: 'upload:x', encoding: label }).encoding).toBe(name);
  });

  test.each(['klingon', '', 'iso-2022-jp', 'utf-7', 'replacement', 'x-user-defined', 'hz-gb-2312'])(
    'with the label %j is refused, and the message lists the others',
    (label) => {
      const { api, splitter } = faultsOf({ encoding: label });

      expect(api).toEqual([{ path: ['encoding'], reason: expect.stringContaining(JSON.stringify(label)) }]);
      for (const name of TEXT_ENCODINGS) expect(api[0]?.reason).toContain(name);
      expect(splitter).toEqual(api);
    },
  );
});
