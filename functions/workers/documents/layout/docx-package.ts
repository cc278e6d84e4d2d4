/** The view of a Word document that the converter reads: parts by the rules of packages, and XML as UTF-8. */
import type { OpcPackage } from '../office/opc-package.ts';
import { XmlDecoder } from '../office/xml-encoding.ts';
import type { ZipArchive } from '../reading/zip-archive.ts';

const CONTENT_TYPES = '[Content_Types].xml';
const NO_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>';

/** Base of relation types in strict documents, which the converter does not know, and in all others. */
const STRICT = 'http://purl.oclc.org/ooxml/officeDocument/relationships/';
const TRANSITIONAL = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/';

/** Members of the converter's own class for zips that it calls to read. */
export interface ConvertedPackage {
  exists(name: string): boolean;
  read(name: string, encoding?: string): Promise<string | Uint8Array>;
}

/** The converter would look up names letter by letter, and read each part as UTF-8. */
export function docxPackage(opc: OpcPackage, archive: ZipArchive): ConvertedPackage {
  return {
    exists: (name) => name === CONTENT_TYPES || opc.entryOf(name) !== undefined,
    async read(name, encoding) {
      const entryName = opc.entryOf(name);
      if (entryName === undefined) return NO_TYPES;
      const bytes = await archive.read(entryName);
      if (encoding === undefined) return bytes;
      if (encoding === 'base64') return bytes.toString('base64');
      const decoder = new XmlDecoder(entryName);
      return (decoder.decode(bytes) + decoder.decode()).replaceAll(STRICT, TRANSITIONAL);
    },
  };
}
