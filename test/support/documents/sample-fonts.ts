import { fileURLToPath } from 'node:url';

/**
 * Fonts with a few dozen characters each, cut from Noto Sans SC, JP and KR 1.000 and renamed, as their licence demands
 * (fonts/LICENSE).
 */
export const SAMPLE_FONTS: readonly string[] = ['chinese', 'japanese', 'korean'].map((language) =>
  fileURLToPath(new URL(`fonts/sample-${language}.otf`, import.meta.url)),
);
