/** The encoding of an XML part: by its byte order mark, else by its declaration, else UTF-8. */
import { decoderOf } from '../reading/decode-text.ts';
import { UnreadableDocument } from '../unreadable-document.ts';

/** Number of leading bytes that contain a declaration. */
const DECLARED_WITHIN = 256;
const DECLARATION = /^\s*<\?xml\s[^>]*?\sencoding\s*=\s*["']([\w.:-]{1,40})["']/;
/** First bytes of UTF-16 in hexadecimal: a mark, or `<?` without a mark. */
const UTF_16: readonly (readonly [RegExp, string])[] = [
  [/^(fffe|3c003f00)/, 'utf-16le'],
  [/^(feff|003c003f)/, 'utf-16be'],
];

/** Decodes one XML part, piece by piece. Refuses bytes that the encoding does not have. */
export class XmlDecoder {
  readonly #entryName: string;
  #decoder: ReturnType<typeof decoderOf> | undefined;

  constructor(entryName: string) {
    this.#entryName = entryName;
  }

  /** Returns the text of the next piece. Without a piece, returns the rest. */
  decode(piece?: Uint8Array): string {
    this.#decoder ??= this.#choose(piece ?? new Uint8Array());
    try {
      return piece === undefined ? this.#decoder.decode() : this.#decoder.decode(piece, { stream: true });
    } catch (error) {
      if (error instanceof TypeError) throw this.#refusal(`is not valid ${this.#decoder.encoding}`);
      throw error;
    }
  }

  #choose(head: Uint8Array) {
    const encoding = encodingOf(head);
    try {
      return decoderOf(encoding, { fatal: true });
    } catch (error) {
      if (error instanceof RangeError) throw this.#refusal(`has the unknown encoding '${encoding}'`);
      throw error;
    }
  }

  #refusal(why: string): UnreadableDocument {
    return new UnreadableDocument(
      'document-broken',
      `the office document is not valid: its '${this.#entryName}' ${why}; save it again with an office program`,
    );
  }
}

function encodingOf(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, DECLARED_WITHIN));
  const start = head.toString('hex', 0, 4);
  const wide = UTF_16.find(([pattern]) => pattern.test(start))?.[1];
  if (wide !== undefined) return wide;
  const declared = DECLARATION.exec(head.toString('latin1'))?.[1] ?? 'utf-8';
  // The declaration itself is readable, so the part is not UTF-16.
  return /^(utf-16|ucs-2|iso-10646-ucs-2|unicode)/i.test(declared) ? 'utf-8' : declared;
}
