import {
  AlphaAction,
  ColorSpace,
  ColorType,
  CompressionMethod,
  DensityUnit,
  type IMagickImage,
  MagickColors,
  MagickFormat,
} from '@imagemagick/magick-wasm';
import type { DecodedImageType } from '../reading/detect-type.ts';
import { checkSize, type Orientation } from './image-header.ts';
import {
  MAX_COLOR_MEGAPIXELS,
  MAX_GRAY_MEGAPIXELS,
  MAX_HEIC_MEGAPIXELS,
  pingImage,
  readImage,
} from './magick.ts';
import type { Rows } from './strips.ts';
import { showOnly, tiffDirectories } from './tiff-directories.ts';
import { checkSupported, withRowsPerStrip } from './tiff-support.ts';

export interface DecodedSource {
  readonly type: DecodedImageType;
  /** Content of the file. For a TIFF, the bytes are modified: each page in turn becomes the first page. */
  readonly bytes: Uint8Array;
}

export interface DecodedPages {
  readonly pageCount: number;
  readonly note?: string;
  /** Yields one page at a time. Its memory is released when the caller requests the next page. */
  readonly pages: () => AsyncGenerator<DecodedImage>;
}

/** Returns the pages of a TIFF, or the first image of an animation. Checks all sizes before decoding any. */
export async function decodedPages(source: DecodedSource): Promise<DecodedPages> {
  const { type, bytes } = source;
  if (type === 'image/tiff') {
    const { directories, ...repaired } = withRowsPerStrip(bytes, tiffDirectories(bytes));
    for (const [i, directory] of directories.entries()) {
      checkSize(directory, directory.isGray ? MAX_GRAY_MEGAPIXELS : MAX_COLOR_MEGAPIXELS);
      checkSupported(directory, i + 1);
    }
    const turns = directories.map((directory) => () => showOnly(repaired.bytes, directory));
    const pages = () => decodeInTurn({ type, ...repaired }, turns);
    return { pageCount: directories.length, pages };
  }
  const { isOneOfMany, ...size } = await pingImage(type, bytes);
  checkSize(size, type === 'image/heic' ? MAX_HEIC_MEGAPIXELS : MAX_COLOR_MEGAPIXELS);
  return {
    pageCount: 1,
    pages: () => decodeInTurn(source, [() => undefined]),
    ...(isOneOfMany && {
      note: 'only the first of several images, such as the frames of an animation, is shown',
    }),
  };
}

async function* decodeInTurn(
  { type, bytes }: DecodedSource,
  turns: readonly (() => void)[],
): AsyncGenerator<DecodedImage> {
  for (const takeTurn of turns) {
    takeTurn();
    const image = await readImage(type, bytes);
    try {
      yield new DecodedImage(image, isLossy(type, bytes, image));
    } finally {
      image.dispose();
    }
  }
}

/** True if the source uses lossy compression. Lossless storage would make it about ten times as large. */
function isLossy(type: DecodedImageType, bytes: Uint8Array, { compression }: IMagickImage): boolean {
  if (type === 'image/tiff') return compression === CompressionMethod.JPEG;
  if (type === 'image/webp')
    return !Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes('VP8L');
  return type === 'image/avif' || type === 'image/heic' || type === 'image/jp2';
}

/** Encoder quality, 1 to 100. At this value, the image is hardly distinguishable from its source. */
const JPEG_QUALITY = 92;

const CENTIMETRES_PER_INCH = 2.54;
/** Faxes have half as many rows per inch as columns. A larger ratio is an error in the file. */
const MAX_RATIO = 4;
const MAX_DPI = 10_000;

/** Image in ImageMagick's memory, gray or RGB, with transparency flattened onto white. */
export class DecodedImage {
  readonly #image: IMagickImage;
  readonly isLossy: boolean;

  constructor(image: IMagickImage, lossy: boolean) {
    this.#image = image;
    this.isLossy = lossy;
    if (image.hasAlpha) {
      image.backgroundColor = MagickColors.White;
      image.alpha(AlphaAction.Remove);
      image.alpha(AlphaAction.Off);
    }
    if (image.colorSpace !== ColorSpace.Gray && image.colorSpace !== ColorSpace.sRGB)
      image.colorSpace = ColorSpace.sRGB;
  }

  get width(): number {
    return this.#image.width;
  }

  get height(): number {
    return this.#image.height;
  }

  get orientation(): Orientation {
    const { orientation } = this.#image;
    return orientation === 0 ? 1 : orientation;
  }

  /** Rotates the pixels as given by `orientation`. */
  turnUpright(): void {
    if (this.orientation !== 1) this.#image.autoOrient();
  }

  get color(): 'bilevel' | 'gray' | 'rgb' {
    const { colorType, colorSpace } = this.#image;
    if (colorType === ColorType.Bilevel) return 'bilevel';
    return colorSpace === ColorSpace.Gray ? 'gray' : 'rgb';
  }

  /** Pixels per inch, if the image states a plausible resolution. */
  get dpi(): { readonly x: number; readonly y: number } | undefined {
    const { x, y, units } = this.#image.density;
    if (units === DensityUnit.Undefined || this.#isMistaken()) return undefined;
    const factor = units === DensityUnit.PixelsPerCentimeter ? CENTIMETRES_PER_INCH : 1;
    return { x: x * factor, y: y * factor };
  }

  /** Height of a pixel divided by its width. */
  get pixelRatio(): number {
    const { x, y } = this.#image.density;
    return this.#isMistaken() ? 1 : x / y;
  }

  #isMistaken(): boolean {
    const { x, y } = this.#image.density;
    if (!(x >= 1 && y >= 1 && x <= MAX_DPI && y <= MAX_DPI)) return true;
    return x / y > MAX_RATIO || y / x > MAX_RATIO;
  }

  /** Returns gray or RGB samples of the rows, one byte per sample. */
  samples({ firstRow, rows }: Rows, samples: 1 | 3): Uint8Array {
    const image = this.#image;
    const area = [0, firstRow, image.width, rows] as const;
    return image.getPixels((pixels) => {
      // Reading the bytes of an image that is already gray takes a hundredth of the time.
      const isGray = image.colorSpace === ColorSpace.Gray && image.channelCount === 1;
      const bytes =
        samples === 1 && isGray
          ? new Uint8Array(pixels.getArea(...area))
          : pixels.toByteArray(...area, samples === 1 ? 'I' : 'RGB');
      if (bytes?.length !== image.width * rows * samples)
        throw new Error(`ImageMagick returned no samples for ${rows} rows from row ${firstRow}`);
      return bytes;
    });
  }

  jpeg(): Uint8Array<ArrayBuffer> {
    this.#image.strip();
    this.#image.quality = JPEG_QUALITY;
    return this.#image.write(MagickFormat.Jpeg, (bytes) => new Uint8Array(bytes));
  }
}
