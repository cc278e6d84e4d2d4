/**
 * File names in the ids of uploads. Letters, digits, `.`, `_` and `-` of ASCII are kept. Other characters are runs
 * `~<base64url of UTF-16BE>~`, so that an id is a URL segment and the key of an object without further encoding.
 */

const ENCODED_RUN = /~([\w-]+)~/g;

export function encodeUploadName(filename: string): string {
  return filename.replaceAll(/[^\w.-]+/g, (run) => `~${toBase64(run)}~`);
}

export function decodeUploadName(encoded: string): string {
  return encoded.replaceAll(ENCODED_RUN, (run, base64: string) => fromBase64(base64) ?? run);
}

function toBase64(text: string): string {
  const units = Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
  const bytes = units.flatMap((unit) => [unit >> 8, unit & 0xff]);
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}

function fromBase64(base64: string): string | undefined {
  let bytes: string;
  try {
    bytes = atob(base64.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    return undefined;
  }
  const units = Array.from({ length: bytes.length >> 1 }, (_, i) => {
    return (bytes.charCodeAt(2 * i) << 8) | bytes.charCodeAt(2 * i + 1);
  });
  return String.fromCharCode(...units);
}
