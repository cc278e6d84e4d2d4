import fc from 'fast-check';

const ODD_TEXTS = [
  '',
  ' ',
  '%',
  '%zz',
  '\u0000',
  '\u001b[31m',
  '\r\nSet-Cookie: a=b',
  '\ud800',
  '\u202e',
  '\ufffd',
];
const NAMES_OF_OBJECTS = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then'];

/** Any text, including control characters, unpaired surrogates, and names of built-in object properties. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 })
    .map((units) => String.fromCharCode(...units)),
  fc.constantFrom(...ODD_TEXTS, ...NAMES_OF_OBJECTS),
);
