import * as z from 'zod';

export const extractTextDescription =
  'Extracts text, title, language, word count and hash from plain text, Markdown, HTML, PDF, office documents and zips of them. Detects the type by content.';

const MEBIBYTE = 1024 * 1024;

/** Hard limit on the size of a document. */
export const MAX_DOCUMENT_BYTES = 100 * MEBIBYTE;

export const extractTextParameters = z.strictObject({
  maxBytes: z
    .int()
    .min(1)
    .max(MAX_DOCUMENT_BYTES)
    .default(MAX_DOCUMENT_BYTES)
    .describe('Maximum size of a document, in bytes. Larger documents are refused.'),
  maxPages: z
    .int()
    .min(1)
    .max(5_000)
    .default(5_000)
    .describe('Maximum number of pages of a PDF. PDFs with more pages are refused.'),
  keepText: z
    .boolean()
    .default(true)
    .describe('Stores the text as a part of the result. If false, only the metadata is kept.'),
  language: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'a BCP 47 tag such as en or pt-BR')
    .optional()
    .describe('Language of the documents, if known. By default, it is guessed from the text.'),
});
export type ExtractTextParameters = z.infer<typeof extractTextParameters>;
