import * as z from 'zod';

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

/** Headers that users may send with HTTP requests. */
export const webHeaders = z.record(name, value);
