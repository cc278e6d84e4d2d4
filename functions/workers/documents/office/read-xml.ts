import { Parser } from 'htmlparser2';
import type { ZipArchive } from '../reading/zip-archive.ts';
import { UnreadableDocument } from '../unreadable-document.ts';
import { XmlDecoder } from './xml-encoding.ts';

/** Callbacks get names without a namespace prefix, because each program chooses different prefixes. */
export interface XmlReader {
  open?(name: string, attributes: Readonly<Record<string, string>>): void;
  close?(name: string): void;
  text?(text: string): void;
}

/** Office programs nest a few dozen elements. The cost of closing an element grows with the number of open ones. */
const MAX_DEPTH = 500;
const STEP_BYTES = 1024 * 1024;

/** Reads an archive entry as a stream of tags. Builds no tree, declares no entities and fetches nothing. */
export async function readXml(
  archive: ZipArchive,
  name: string,
  { step, ...reader }: XmlReader & { readonly step: () => void },
): Promise<void> {
  const parser = createParser(name, reader);
  const decoder = new XmlDecoder(name);
  let bytesSinceStep = 0;
  for await (const piece of archive.pieces(name)) {
    parser.write(decoder.decode(piece));
    bytesSinceStep += piece.length;
    if (bytesSinceStep < STEP_BYTES) continue;
    bytesSinceStep = 0;
    step();
  }
  parser.write(decoder.decode());
  parser.end();
}

function createParser(entryName: string, reader: XmlReader): Parser {
  let depth = 0;
  return new Parser(
    {
      onopentag(name, attributes) {
        depth += 1;
        if (depth > MAX_DEPTH) throw refusal(entryName, `nests more than ${MAX_DEPTH} elements`);
        reader.open?.(localName(name), attributes);
      },
      onclosetag(name) {
        depth -= 1;
        reader.close?.(localName(name));
      },
      ontext: (text) => reader.text?.(text),
      onprocessinginstruction(name) {
        // Only a DOCTYPE can declare entities, which could expand without limit or include local files.
        if (name.toLowerCase() === '!doctype')
          throw refusal(entryName, 'has a DOCTYPE, which is not allowed');
      },
    },
    { xmlMode: true },
  );
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function refusal(entryName: string, why: string): UnreadableDocument {
  return new UnreadableDocument(
    'document-broken',
    `the office document is not valid: its '${entryName}' ${why}; save it again with an office program`,
  );
}
