import * as z from 'zod';

export const extractTextDescription =
  'Extracts text, title, language, word count and hash from plain text, Markdown, HTML, PDF, office documents and zips of them, whose type it detects by content.';

const MEBIBYTE = 1024 * 1024;

/** Hard limit on the size of a document. */
export const MAX_DOCUMENT_BYTES = 100 * MEBIBYTE;

export const extractTextParameters = z.strictObject({
  maxBytes: z
    .int()
    .min(1)
    .max(MAX_DOCUMENT_BYTES)
    .default(MAX_DOCUMENT_BYTES)
    .describe('Refuse documents larger than this many bytes.'),
  maxPages: z.int().min(1).max(5_000).default(5_000).describe('Refuse PDF documents of more pages.'),
  keepText: z
    .boolean()
    .default(true)
    .describe('Store the text as a part of the result; false keeps only what was measured.'),
  language: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'a BCP 47 tag such as en or pt-BR')
    .optional()
    .describe('The language of the documents, if it is known; otherwise it is guessed.'),
});
export type ExtractTextParameters = z.infer<typeof extractTextParameters>;
