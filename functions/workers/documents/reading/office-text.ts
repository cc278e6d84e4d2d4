/** Names the office formats that are a single text file. Their text would be markup, not that of the document. */

/** The root element follows a declaration, comments and processing instructions within these characters. */
const SNIFFED_CHARACTERS = 4_096;

const FORMATS: readonly { readonly start: RegExp; readonly format: string }[] = [
  {
    start: /<pkg:package\s[^>]*schemas\.microsoft\.com\/office\/2006\/xmlPackage/,
    format: 'a Word document as flat XML',
  },
  { start: /<w:wordDocument\s/, format: 'a Word 2003 XML document' },
  {
    start: /<(?:ss:)?Workbook\s[^>]*urn:schemas-microsoft-com:office:spreadsheet/,
    format: 'an XML Spreadsheet 2003',
  },
  { start: /<office:document\s/, format: 'an OpenDocument file as flat XML (fodt, fods, fodp)' },
];
/** Headers of a web page that a browser or Word saved with its images in one file. */
const MHTML = /^(?:[\w-]{1,40}:[^\n]{0,1000}\n(?:[ \t][^\n]{0,1000}\n)*){1,30}/;
const MHTML_TYPE = /^content-type:\s*multipart\/related/im;

export function officeFormatOfText(source: string): string | undefined {
  const head = source.slice(0, SNIFFED_CHARACTERS).trimStart();
  if (head.startsWith('<')) return FORMATS.find(({ start }) => start.test(head))?.format;
  const headers = MHTML.exec(head.replaceAll('\r\n', '\n'))?.[0] ?? '';
  const isPage = MHTML_TYPE.test(headers) && /^mime-version:/im.test(headers);
  return isPage ? 'a web page archive (MHTML, multipart/related)' : undefined;
}
