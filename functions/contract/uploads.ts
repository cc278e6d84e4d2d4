import * as z from 'zod';

/** What is to be uploaded; both are optional, and so is the body. */
export const createUploadBody = z
  .strictObject({
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
  })
  .optional();

/** Where to send the bytes, and for how long. */
export interface UploadView {
  readonly id: string;
  readonly url: string;
  readonly method: 'PUT';
  readonly headers: Readonly<Record<string, string>>;
  readonly expiresAt: number;
}
