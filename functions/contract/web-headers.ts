import * as z from 'zod';

/** Those that the connection itself needs; `proxy-*` stands for every name that begins so. */
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

/** Why users may not send this header; `undefined` if they may. */
export function reservedHeaderFault(header: string): string | undefined {
  const name = header.toLowerCase();
  if (!RESERVED.includes(name) && !name.startsWith('proxy-')) return undefined;
  return `is set by the connection itself; leave it out. Reserved are ${RESERVED.join(', ')}`;
}

const name = z
  .string()
  .regex(/^[\w!#$%&'*+.^`|~-]{1,100}$/, 'must be a header name')
  .superRefine((header, context) => {
    const message = reservedHeaderFault(header);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });

const value = z
  .string()
  .max(4096)
  .regex(/^[\t\x20-\x7e]*$/, 'must be printable ASCII');

/** Headers that users may send with requests to the web. */
export const webHeaders = z.record(name, value);
