/** Decodes a request file by its byte order mark, else by its XML declaration, else as UTF-8. */
import { refusal } from '#contract/problem.ts';
import { decodeText } from '#core/decode-text.ts';

/** Decoders by declared encoding. UTF-16 is recognized only by its byte order mark. */
const ENCODINGS: Readonly<Record<string, string>> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  'us-ascii': 'utf-8',
  'iso-8859-1': 'windows-1252',
  'windows-1252': 'windows-1252',
};
const DECLARATION = /^<\?xml\s[^>]*?encoding\s*=\s*["']([^"'>]{1,40})["']/;
const DECLARATION_BYTES = 200;

/** Returns the text without the byte order mark. Throws if the bytes are not valid in the encoding. */
export function requestText(bytes: Uint8Array): string {
  const mark = markedEncoding(bytes);
  const encoding = mark ?? declaredEncoding(bytes) ?? 'utf-8';
  const decoded = decodeText(bytes, encoding);
  if (decoded.kind !== 'text') {
    const location = decoded.kind === 'invalid' ? ` at byte ${decoded.at}` : '';
    throw refusal(
      'invalid-request',
      `the request is not valid ${encoding.toUpperCase()}${location}; write it in UTF-8`,
    );
  }
  const { text } = decoded;
  const declared = mark && DECLARATION.exec(text)?.[1]?.toLowerCase();
  if (declared && (mark === 'utf-8' ? ENCODINGS[declared] !== mark : !mark.startsWith(declared))) {
    throw refusal(
      'invalid-request',
      `the request declares the encoding '${declared}' but begins with the byte order mark of ${mark.toUpperCase()}; correct one of them`,
    );
  }
  return text;
}

function markedEncoding([first, second, third]: Uint8Array): string | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return first === 0xef && second === 0xbb && third === 0xbf ? 'utf-8' : undefined;
}

function declaredEncoding(bytes: Uint8Array): string | undefined {
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, DECLARATION_BYTES));
  const declared = DECLARATION.exec(start)?.[1];
  if (declared === undefined) return undefined;
  const encoding = ENCODINGS[declared.toLowerCase()];
  if (encoding !== undefined) return encoding;
  throw refusal(
    'invalid-request',
    `the request declares the encoding '${declared}'; allowed are UTF-8, ISO-8859-1, Windows-1252, and UTF-16 with a byte order mark`,
  );
}
