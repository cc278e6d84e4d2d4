import * as v from 'valibot';

/** Headers that the connection sets itself; `proxy-*` means every name with that prefix. */
const RESERVED = [
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'upgrade',
  'te',
  'trailer',
  'expect',
  'proxy-*',
];

/** Returns why users may not send this header; `undefined` if they may. */
export function reservedHeaderFault(header: string): string | undefined {
  const name = header.toLowerCase();
  if (!RESERVED.includes(name) && !name.startsWith('proxy-')) return undefined;
  return `is set by the connection itself; leave it out. Reserved are ${RESERVED.join(', ')}`;
}

const name = v.pipe(
  v.string(),
  v.regex(/^[\w!#$%&'*+.^`|~-]{1,100}$/, 'must be a header name'),
  v.check(
    (header) => reservedHeaderFault(header) === undefined,
    ({ input }) => String(reservedHeaderFault(input)),
  ),
);

const value = v.pipe(v.string(), v.maxLength(4096), v.regex(/^[\t\x20-\x7e]*$/, 'must be printable ASCII'));

/** Headers that users may send with HTTP requests. */
export const webHeaders = v.record(name, value);
