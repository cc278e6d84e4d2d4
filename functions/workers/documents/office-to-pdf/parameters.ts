import * as z from 'zod';
import { onBrokenDocument } from '../pdf/broken-documents.ts';

export const officeToPdfDescription =
  'Makes a PDF with LibreOffice from each part of an item, with the layout of the document. Supports Word, Excel, PowerPoint, OpenDocument and RTF files. Stores a PDF unchanged.';

export const officeToPdfParameters = z.strictObject({ onBrokenDocument });
export type OfficeToPdfParameters = z.infer<typeof officeToPdfParameters>;
