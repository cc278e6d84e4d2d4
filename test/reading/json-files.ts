/** Generates JSON Lines files from seeds: numbers beyond double precision, unusual escapes, repeated names, and broken records. */
import { Chance } from '../simulation/chance.ts';
import type { Encoding } from './alphabets.ts';
import { ENCODINGS } from './alphabets.ts';

const UNICODE_ENCODINGS = ENCODINGS.filter(({ codec }) => codec.startsWith('utf'));
const SEPARATORS = ['\n', '\r\n'] as const;
const MAX_RECORDS = 150;
const MAX_DEPTH = 4;

const BROKEN = [
  ...['{"a":1', '[1,2,]', "{'a':1}", '{"a":01}', '{"a":+1}', '{"a":.5}', '{"a":1.}', '{"a":1e}', '{a:1}'],
  ...['{"a":"\\x41"}', '{"a":"\\u12"}', '{"a":"\t"}', '[NaN]', '[Infinity]', 'tru', '1 2', '{"a":1}}', '"a'],
];

const NAMES = [
  'a',
  'b',
  '',
  'id',
  '__proto__',
  'constructor',
  'toString',
  '0',
  '10',
  'ключ',
  'a b',
  '\u0000',
];

export interface JsonFile {
  readonly seed: number;
  readonly encoding: Encoding;
  readonly text: string;
  readonly records: number;
}

export function jsonFile(seed: number): JsonFile {
  const chance = new Chance(seed);
  const encoding = UNICODE_ENCODINGS[seed % UNICODE_ENCODINGS.length] as Encoding;
  const separator = chance.pick(SEPARATORS);
  const records = chance.between(1, MAX_RECORDS);
  const lines = Array.from({ length: records }, () =>
    chance.is(0.08) ? chance.pick(BROKEN) : spaced(chance, valueText(chance, 0)),
  );
  return { seed, encoding, records, text: lines.join(separator) + (chance.is(0.7) ? separator : '') };
}

function valueText(chance: Chance, depth: number): string {
  const kind = chance.below(depth < MAX_DEPTH ? 7 : 4);
  if (kind === 0) return chance.pick(['true', 'false', 'null']);
  if (kind <= 2) return numberText(chance);
  if (kind === 3) return stringText(chance);
  const parts = Array.from({ length: chance.below(5) }, () => {
    const value = spaced(chance, valueText(chance, depth + 1));
    return kind === 4 ? value : `${spaced(chance, JSON.stringify(chance.pick(NAMES)))}:${value}`;
  });
  return kind === 4 ? `[${parts.join(',')}]` : `{${parts.join(',')}}`;
}

function numberText(chance: Chance): string {
  const digits = (length: number) => Array.from({ length }, () => chance.below(10)).join('');
  const whole = chance.is(0.2)
    ? '0'
    : `${chance.between(1, 9)}${digits(chance.pick([0, 2, 14, 15, 16, 17, 30]))}`;
  const fraction = chance.is(0.4) ? `.${digits(chance.pick([1, 2, 10, 17, 25]))}` : '';
  const exponent = chance.is(0.2)
    ? `${chance.pick(['e', 'E'])}${chance.pick(['', '+', '-'])}${chance.pick([0, 7, 22, 300, 400])}`
    : '';
  return `${chance.is(0.3) ? '-' : ''}${whole}${fraction}${exponent}`;
}

/** Characters as they are, in short and long escapes, as pairs of surrogates, and as half of a pair. */
const CHARACTERS = [
  ...[
    'a',
    'Z',
    ' ',
    'é',
    '日',
    '😀',
    '\u2028',
    '\u0085',
    '\u007f',
    '\u220a',
    '/',
    '\\/',
    '\\"',
    '\\\\',
    '\\b',
    '\\f',
  ],
  ...[
    '\\n',
    '\\r',
    '\\t',
    '\\u0041',
    '\\u000a',
    '\\u0000',
    '\\u00E9',
    '\\ud83d\\ude00',
    '\\uD834\\uDD1E',
    '\\ud800',
  ],
  ...['\\uDFFF', '\\u2028', '\\uFFFD', '\\uFEFF'],
];

function stringText(chance: Chance): string {
  return `"${Array.from({ length: chance.below(20) }, () => chance.pick(CHARACTERS)).join('')}"`;
}

function spaced(chance: Chance, text: string): string {
  const space = () => (chance.is(0.1) ? chance.pick([' ', '\t', '  ']) : '');
  return `${space()}${text}${space()}`;
}
