import * as z from 'zod';
import { count, timeOf } from './quantities.ts';

/** The maximum size of a single S3 PUT. */
export const MAX_UPLOAD_BYTES = 5 * 1024 ** 3;

/** Describes the file to upload. */
export const createUploadBody = z
  .strictObject({
    sizeBytes: z
      .int('must be the size of the upload in bytes, as a whole number')
      .min(0)
      .describe('Size in bytes. It is part of the signature, so the upload must have exactly this size.'),
    filename: z
      .string()
      .min(1)
      .max(255)
      .optional()
      .describe('Name of the file, with any characters. Part of the id in an encoded form.'),
    contentType: z
      .string()
      .max(127)
      .regex(/^[\w.+-]+\/[\w.+-]+(; ?[\w.+-]+=[\w.+-]+)*$/, 'must be a media type such as text/csv')
      .optional()
      .describe('If present, the upload must have this Content-Type.'),
  })
  .meta({ id: 'UploadRequest' });

const uploadName = z.string().exactOptional().describe('Name of the file, if the upload has one.');

/** The signed URL for the upload, and its expiry. */
export const uploadSchema = z
  .strictObject({
    id: z.string().describe('Id of the upload. Jobs refer to it as `upload:<id>`.'),
    filename: uploadName,
    url: z.url(),
    method: z.literal('PUT'),
    headers: z.record(z.string(), z.string()).describe('Headers that the request to the url must have.'),
    expiresAt: timeOf('Time at which the url expires'),
  })
  .meta({ id: 'Upload' });
export type UploadView = z.output<typeof uploadSchema>;

/** A file that was uploaded. */
export const storedUploadSchema = z
  .strictObject({
    id: z.string().describe('Id of the upload. Jobs refer to it as `upload:<id>`.'),
    filename: uploadName,
    sizeBytes: count,
    uploadTime: timeOf('Time at which its bytes were stored'),
  })
  .meta({ id: 'StoredUpload' });
export type StoredUploadView = z.output<typeof storedUploadSchema>;
