import { omitUndefined } from '#core/omit-undefined.ts';
import type { ZipArchive } from '../reading/zip-archive.ts';
import type { AnnotatedText } from '../text/annotated-text.ts';
import { readDocx } from './docx.ts';
import { readOdf } from './odf.ts';
import type { OfficeFile, OfficeReading } from './office-file.ts';
import { type OfficeDocument, openOffice } from './open-office.ts';
import { readPptx } from './pptx.ts';
import { readXml } from './read-xml.ts';
import { readXlsx } from './xlsx.ts';

const READERS = { word: readDocx, excel: readXlsx, powerpoint: readPptx } as const;

/** Returns the text of an office document in an archive. Returns undefined for any other zip. */
export async function readOffice(
  archive: ZipArchive,
  limits: { readonly maxCharacters: number },
  step: () => void,
): Promise<AnnotatedText | undefined> {
  const document = await openOffice(archive, limits, step);
  return document && readOpenedOffice(document);
}

/** Returns the text of an office document, read from the XML in its zip, and the title from its properties. */
export async function readOpenedOffice(document: OfficeDocument): Promise<AnnotatedText> {
  const { file, type, properties } = document;
  const { pages, note } = (await readContent(document)) ?? {};
  return {
    type,
    title: await readTitle(file, properties),
    ...omitUndefined({ pages, note }),
    text: trimLines(file.text.end()),
  };
}

async function readContent(document: OfficeDocument): Promise<OfficeReading | undefined> {
  const { kind, file } = document;
  if (kind === 'odf') return readOdf(file, document.content);
  return (await READERS[kind](file, document.opc, document.main)) ?? undefined;
}

const MAX_TITLE_CHARACTERS = 1_000;

async function readTitle(
  { archive, step }: OfficeFile,
  properties: string | undefined,
): Promise<string | undefined> {
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
