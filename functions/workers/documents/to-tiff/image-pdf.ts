import { PDFDocument } from '@cantoo/pdf-lib';
import { addImagePage, type ImageType } from '../pdf/add-image.ts';
import { makeMovable } from '../threads/movable.ts';

/** Makes a PDF whose only page is the image, at the given resolution. */
export async function imagePdf(
  image: { readonly type: ImageType; readonly bytes: Uint8Array },
  dpi: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const document = await PDFDocument.create({ updateMetadata: false });
  await addImagePage(document, image, dpi);
  return makeMovable(await document.save());
}
