import * as z from 'zod';

/** Those that the connection itself needs. */
const RESERVED =
  /^(host|content-length|transfer-encoding|connection|keep-alive|upgrade|te|trailer|expect|proxy-.*)$/i;

const name = z
  .string()
  .regex(/^[\w!#$%&'*+.^`|~-]{1,100}$/, 'must be a header name')
  .refine((header) => !RESERVED.test(header), 'is set by the connection itself');

const value = z
  .string()
  .max(4096)
  .regex(/^[\t\x20-\x7e]*$/, 'must be printable ASCII');

/** Headers that users may send with requests to the web. */
export const webHeaders = z.record(name, value);
