import { omitUndefined } from '#core/omit-undefined.ts';
import type { ZipArchive } from '../../reading/zip-archive.ts';
import type { AnnotatedText } from '../../text/annotated-text.ts';
import { BoundedText } from '../bounded-text.ts';
import { readDocx } from './docx.ts';
import { readOdt } from './odt.ts';
import type { OfficeFile } from './office-file.ts';
import { readPptx } from './pptx.ts';
import { readXml } from './read-xml.ts';
import { readXlsx } from './xlsx.ts';

const OOXML = 'application/vnd.openxmlformats-officedocument';
const OPEN_TEXT = 'application/vnd.oasis.opendocument.text';

const OFFICE_TYPES = {
  docx: `${OOXML}.wordprocessingml.document`,
  xlsx: `${OOXML}.spreadsheetml.sheet`,
  pptx: `${OOXML}.presentationml.presentation`,
  odt: OPEN_TEXT,
} as const;
type OfficeFormat = keyof typeof OFFICE_TYPES;

interface OfficeLimits {
  readonly maxCharacters: number;
}

/** Returns the office format of a zip by its characteristic entries, or undefined for any other zip. */
export async function officeFormatOf(archive: ZipArchive): Promise<OfficeFormat | undefined> {
  const { entries } = archive;
  if (entries.has('word/document.xml')) return 'docx';
  if (entries.has('xl/workbook.xml')) return 'xlsx';
  if (entries.has('ppt/presentation.xml')) return 'pptx';
  if (!entries.has('content.xml') || (entries.get('mimetype')?.uncompressedSize ?? 0) !== OPEN_TEXT.length)
    return undefined;
  return (await archive.read('mimetype')).toString('latin1') === OPEN_TEXT ? 'odt' : undefined;
}

/** Returns the text of an office document, read from the XML in its zip, and the title from its properties. */
export async function readOffice(
  archive: ZipArchive,
  format: OfficeFormat,
  { maxCharacters }: OfficeLimits,
  step: () => void,
): Promise<AnnotatedText> {
  const file: OfficeFile = { archive, text: new BoundedText(maxCharacters), step };
  const pages = await readText(file, format, maxCharacters);
  return {
    type: OFFICE_TYPES[format],
    title: await readTitle(file),
    ...omitUndefined({ pages }),
    text: trimLines(file.text.end()),
  };
}

async function readText(
  file: OfficeFile,
  format: OfficeFormat,
  maxCharacters: number,
): Promise<number | undefined> {
  switch (format) {
    case 'docx':
      await readDocx(file);
      return undefined;
    case 'xlsx':
      await readXlsx(file, maxCharacters);
      return undefined;
    case 'pptx':
      return readPptx(file);
    case 'odt':
      await readOdt(file);
      return undefined;
  }
}

const MAX_TITLE_CHARACTERS = 1_000;

async function readTitle({ archive, step }: OfficeFile): Promise<string | undefined> {
  const properties = ['docProps/core.xml', 'meta.xml'].find((name) => archive.entries.has(name));
  if (properties === undefined) return undefined;
  let isTitle = false;
  let title = '';
  await readXml(archive, properties, {
    step,
    open: (name) => {
      isTitle = name === 'title';
    },
    close: () => {
      isTitle = false;
    },
    text(piece) {
      if (isTitle && title.length < MAX_TITLE_CHARACTERS) title += piece;
    },
  });
  return title;
}

/** Removes trailing spaces and tabs, which cells produce, and runs of empty lines, which empty paragraphs produce. */
function trimLines(text: string): string {
  return text
    .replace(/[ \t]+$/gm, '')
    .replace(/ +\t/g, '\t')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
