import * as z from 'zod';
import { timeOf } from './quantities.ts';

/** The maximum size of a single S3 PUT. */
export const MAX_UPLOAD_BYTES = 5 * 1024 ** 3;

/** Describes the file to upload. */
export const createUploadBody = z.strictObject({
  sizeBytes: z
    .int('the number of bytes of the upload is needed, as a whole number')
    .min(0)
    .describe('Number of bytes. It is signed: the upload must have exactly this size.'),
  filename: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe('Becomes part of the id, so that its ending can tell the format.'),
  contentType: z
    .string()
    .max(127)
    .regex(/^[\w.+-]+\/[\w.+-]+(; ?[\w.+-]+=[\w.+-]+)*$/, 'a media type such as text/csv')
    .optional()
    .describe('The upload then must carry this Content-Type.'),
});

/** The signed URL for the upload, and its expiry. */
export const uploadSchema = z
  .strictObject({
    id: z.string().describe('Jobs name the upload as `upload:<id>`.'),
    url: z.url(),
    method: z.literal('PUT'),
    headers: z.record(z.string(), z.string()).describe('The request to the url must carry these.'),
    expiresAt: timeOf('Until when the url is good'),
  })
  .meta({ id: 'Upload' });
export type UploadView = z.output<typeof uploadSchema>;
