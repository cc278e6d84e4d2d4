import type { OpcDocument } from '../../office/open-office.ts';
import { magicTypeOf } from '../../reading/detect-type.ts';
import type { PictureEntry } from './read-slide.ts';

const MEBIBYTE = 1024 * 1024;
const MAX_IMAGE_BYTES = 8 * MEBIBYTE;
/** Limit for all images. Repeated ones, such as a logo, count each time. */
const MAX_TOTAL_BYTES = 48 * MEBIBYTE;

/** Images of a presentation as HTML. */
export class SlideImages {
  readonly #archive: OpcDocument['file']['archive'];
  #bytes = 0;

  constructor({ file }: OpcDocument) {
    this.#archive = file.archive;
  }

  /** Returns undefined for an image that is not a PNG or JPEG, or too large. `width` is in CSS pixels. */
  async html({ entryName }: PictureEntry, width: number | undefined): Promise<string | undefined> {
    const { sizeBytes = 0 } = this.#archive.entries.get(entryName) ?? {};
    if (sizeBytes > MAX_IMAGE_BYTES || this.#bytes + sizeBytes > MAX_TOTAL_BYTES) return undefined;
    const type = magicTypeOf(await this.#archive.head(entryName));
    if (type !== 'image/png' && type !== 'image/jpeg') return undefined;
    this.#bytes += sizeBytes;
    const bytes = await this.#archive.read(entryName);
    const size = width === undefined ? '' : ` width="${width}"`;
    return `<img${size} src="data:${type};base64,${bytes.toString('base64')}">`;
  }
}
