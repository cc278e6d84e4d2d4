/** Images as real encoders write them: libtiff's tools made those in `tiffs`, ImageMagick makes the others. */
import { readFileSync } from 'node:fs';
import {
  ColorSpace,
  type IMagickImage,
  initializeImageMagick,
  MagickColor,
  MagickColors,
  MagickFormat,
  MagickImage,
  MagickImageCollection,
} from '@imagemagick/magick-wasm';
import { MAGICK, readPackageFile } from '../../../functions/workers/documents/package-files.ts';

await initializeImageMagick(await readPackageFile(MAGICK));

export { ColorSpace, MagickFormat };

/** 32 × 16 pixels on white: the upper left quarter is red, the lower right one blue; of faxes, it is black, and alone. */
export function tiff(name: string): Buffer {
  return readFileSync(new URL(`tiffs/${name}.tiff`, import.meta.url));
}

type Change = (image: IMagickImage) => void;

/** The same picture in another format. */
export function picture(format: MagickFormat, change: Change = () => undefined): Buffer {
  const image = drawn();
  try {
    change(image);
    return image.write(format, (bytes) => Buffer.from(bytes));
  } finally {
    image.dispose();
  }
}

/** One file with a picture for each width, each 30 pixels high. */
export function pictures(format: MagickFormat, widths: readonly number[]): Buffer {
  const images = MagickImageCollection.create();
  for (const [i, width] of widths.entries()) {
    const image = MagickImage.create(new MagickColor((i * 40) % 256, 50, 0), width, 30);
    image.animationDelay = 10;
    images.push(image);
  }
  try {
    return images.write(format, (bytes) => Buffer.from(bytes));
  } finally {
    images.dispose();
  }
}

/** A picture in one color with this number of pixels. */
export function blank(format: MagickFormat, width: number, height: number, change: Change = () => undefined) {
  const image = MagickImage.create(MagickColors.White, width, height);
  try {
    change(image);
    return image.write(format, (bytes) => Buffer.from(bytes));
  } finally {
    image.dispose();
  }
}

function drawn(): IMagickImage {
  const image = MagickImage.create(MagickColors.White, 32, 16);
  image.getPixels((pixels) => {
    for (let y = 0; y < 8; y += 1) {
      for (let x = 0; x < 16; x += 1) {
        pixels.setPixel(x, y, [255, 0, 0]);
        pixels.setPixel(x + 16, y + 8, [0, 0, 255]);
      }
    }
  });
  return image;
}
