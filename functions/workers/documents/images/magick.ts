/** ImageMagick in WebAssembly, for the image formats that neither pdf-lib nor PDFium reads. */
import {
  ConfigurationFiles,
  type IMagickImage,
  initializeImageMagick,
  MagickError,
  MagickErrorSeverity,
  MagickFormat,
  MagickImage,
  MagickImageCollection,
  MagickReadSettings,
  ResourceLimits,
} from '@imagemagick/magick-wasm';
import { MAGICK, readPackageFile } from '../package-files.ts';
import type { DecodedImageType } from '../reading/detect-type.ts';
import { UnreadableDocument } from '../unreadable-document.ts';
import { brokenImage, MAX_SIDE, unsupportedImage } from './image-header.ts';

const MEBIBYTE = 1024 * 1024;

/** An A4 page at 600 dpi has 35 megapixels, an A3 page at 400 dpi has 31. Decoding takes up to six bytes per pixel. */
export const MAX_GRAY_MEGAPIXELS = 40;
/** Decoding takes up to ten bytes per pixel. */
export const MAX_COLOR_MEGAPIXELS = 25;
/** The decoder of HEIC holds a second copy. 25 megapixels took 510 MiB. A camera of a phone takes 12. */
export const MAX_HEIC_MEGAPIXELS = 20;

const FORMATS: Readonly<Record<DecodedImageType, MagickFormat>> = {
  'image/tiff': MagickFormat.Tiff,
  'image/gif': MagickFormat.Gif,
  'image/webp': MagickFormat.WebP,
  'image/bmp': MagickFormat.Bmp,
  'image/jp2': MagickFormat.Jp2,
  'image/avif': MagickFormat.Avif,
  'image/heic': MagickFormat.Heic,
};

/**
 * ImageMagick detects the format from the content and ignores the requested one: without this policy, it would render
 * an SVG that is named TIFF. The last rule that matches applies.
 */
const POLICY = `<policymap>
  <policy domain="delegate" rights="none" pattern="*"/>
  <policy domain="path" rights="none" pattern="@*"/>
  <policy domain="coder" rights="none" pattern="*"/>
  <policy domain="coder" rights="read" pattern="{${Object.values(FORMATS).join(',')}}"/>
  <policy domain="coder" rights="write" pattern="{JPEG,JPG}"/>
</policymap>`;

let loading: Promise<void> | undefined;

async function load(): Promise<void> {
  const wasm = await readPackageFile(MAGICK);
  const files = ConfigurationFiles.default;
  files.policy.data = POLICY;
  await initializeImageMagick(wasm, files);
  ResourceLimits.width = BigInt(MAX_SIDE);
  ResourceLimits.height = BigInt(MAX_SIDE);
  ResourceLimits.area = BigInt(MAX_GRAY_MEGAPIXELS * 1e6);
  ResourceLimits.memory = BigInt(MAX_COLOR_MEGAPIXELS * 10e6);
  ResourceLimits.maxMemoryRequest = BigInt(256 * MEBIBYTE);
  ResourceLimits.maxProfileSize = BigInt(16 * MEBIBYTE);
  // No disk cache: its files would use memory too. No time limit: ImageMagick counts the time since it was loaded. The
  // limits of the thread apply instead.
  ResourceLimits.disk = 0n;
}

/** Returns the size of the first image, and whether there are more. Decodes nothing. */
export function pingImage(type: DecodedImageType, bytes: Uint8Array) {
  return runMagick(() => {
    const images = MagickImageCollection.create();
    try {
      images.ping(bytes, settingsOf(type, 2));
      const [{ width, height } = { width: 0, height: 0 }] = images;
      return { width, height, isOneOfMany: images.length > 1 };
    } finally {
      images.dispose();
    }
  });
}

/** Decodes the first image. The caller must dispose it: its memory is not garbage collected. */
export function readImage(type: DecodedImageType, bytes: Uint8Array): Promise<IMagickImage> {
  return runMagick(() => {
    const image = MagickImage.create();
    try {
      image.read(bytes, settingsOf(type, 1));
      return image;
    } catch (error) {
      image.dispose();
      throw error;
    }
  });
}

function settingsOf(type: DecodedImageType, frameCount: number): MagickReadSettings {
  return new MagickReadSettings({ format: FORMATS[type], frameIndex: 0, frameCount });
}

async function runMagick<T>(work: () => T): Promise<T> {
  loading ??= load();
  await loading;
  try {
    return work();
  } catch (error) {
    if (error instanceof MagickError) throw refusalOf(error);
    return endThread(error);
  }
}

/** Ends the thread. An error of WebAssembly itself leaves its memory corrupt, so the next document needs a new thread. */
function endThread(error: unknown): Promise<never> {
  queueMicrotask(() => {
    throw error;
  });
  return new Promise(() => undefined);
}

const EXHAUSTED: ReadonlySet<number> = new Set([
  MagickErrorSeverity.ResourceLimitError,
  MagickErrorSeverity.CacheError,
]);

/** Messages about valid files that use a part of the format which the decoder does not implement. */
const NOT_SUPPORTED =
  /not configured|not implemented|NotSupported|not supported|Can not read scanlines from a tiled/i;

function refusalOf(error: MagickError): UnreadableDocument {
  // Example: CacheResourcesExhausted `' @ error/cache.c/OpenPixelCache/4027
  const reason = error.message.replace(/ [`@].*$/s, '').replace(/\.$/, '');
  if (reason.includes('WidthOrHeightExceedsLimit')) {
    return new UnreadableDocument(
      'document-too-large',
      `the image exceeds the limit of ${MAX_SIDE} pixels per side; scale it down`,
      { cause: error },
    );
  }
  if (NOT_SUPPORTED.test(reason))
    return unsupportedImage(`content that the decoder cannot read (${reason})`, { cause: error });
  if (!EXHAUSTED.has(error.severity)) return brokenImage(reason, error);
  return new UnreadableDocument(
    'document-too-large',
    `decoding the image exceeds the memory limit (${reason}); scale it down`,
    { cause: error },
  );
}
