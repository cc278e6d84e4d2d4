import { attribute, type OfficeFile, type OfficeReading } from './office-file.ts';
import { storyReader } from './ooxml-story.ts';
import type { OpcPackage } from './opc-package.ts';
import { readXml, type XmlReader } from './read-xml.ts';
import { StoryWriter } from './story-writer.ts';

/** Parts whose text follows the body. */
const STORIES = ['footnotes', 'endnotes', 'comments'];

/** Elements to skip: properties, whose `tab` is a tab stop, deleted and moved text, and phonetic guides. */
const SILENT = new Set(['pPr', 'rPr', 'del', 'moveFrom', 'rt']);

const BREAKS: Readonly<Record<string, string>> = {
  tab: '\t',
  ptab: '\t',
  br: '\n',
  cr: '\n',
  noBreakHyphen: '-',
};

/**
 * Writes the body of a Word document, its notes and comments, then each header and footer once. Tracked changes appear
 * as accepted.
 */
export async function readDocx(file: OfficeFile, opc: OpcPackage, main: string): Promise<OfficeReading> {
  const relations = await opc.relationsOf(main);
  const usedIds = new Set<string>();
  await readStory(file, main, usedIds);
  for (const type of STORIES)
    for (const relation of relations)
      if (relation.type === type) await readStory(file, relation.entryName, usedIds);
  for (const type of ['header', 'footer'])
    for (const relation of relations)
      if (relation.type === type && usedIds.has(relation.id))
        await readStory(file, relation.entryName, usedIds);
  const embeddedCount = relations.filter(({ type }) => type === 'aFChunk').length;
  return embeddedCount === 0 ? {} : { note: `${embeddedCount} embedded documents (altChunk) were left out` };
}

async function readStory(file: OfficeFile, entryName: string, usedIds: Set<string>): Promise<void> {
  const story = new StoryWriter(file.text, file.maxCharacters);
  await readXml(file.archive, entryName, { step: file.step, ...readerOf(story, usedIds) });
  story.end();
  file.step();
}

/** Collects the ids of the headers and footers that the sections use. */
function readerOf(story: StoryWriter, usedIds: Set<string>): XmlReader {
  const changes = new TrackedChanges(story);
  let list = new ChoiceList();
  const useReference = (attributes: Readonly<Record<string, string>>) => {
    usedIds.add(attribute(attributes, 'id') ?? '');
  };
  const isSeparator: boolean[] = [];
  const openNote = (attributes: Readonly<Record<string, string>>) => {
    isSeparator.push(attribute(attributes, 'type') !== undefined);
    if (isSeparator.at(-1)) story.silence();
  };
  const closeNote = () => {
    if (isSeparator.pop()) story.endSilence();
  };
  return storyReader(story, {
    silent: SILENT,
    breaks: BREAKS,
    isJoined: () => changes.closeParagraph(),
    open: {
      p: () => changes.openParagraph(),
      pPr: () => changes.openProperties('paragraph'),
      tr: () => changes.openRow(),
      trPr: () => changes.openProperties('row'),
      del: () => changes.mark(),
      moveFrom: () => changes.mark(),
      headerReference: useReference,
      footerReference: useReference,
      footnote: openNote,
      endnote: openNote,
      sym: (attributes) => story.write(symbolOf(attribute(attributes, 'char') ?? '')),
      ddList: () => {
        list = new ChoiceList();
      },
      listEntry: (attributes) => list.addEntry(attribute(attributes, 'val') ?? ''),
      result: (attributes) => list.select(attribute(attributes, 'val') ?? ''),
      default: (attributes) => list.select(attribute(attributes, 'val') ?? ''),
    },
    close: {
      pPr: () => changes.closeProperties(),
      tr: () => changes.closeRow(),
      trPr: () => changes.closeProperties(),
      footnote: closeNote,
      endnote: closeNote,
      ddList: () => story.write(list.selected),
    },
  });
}

/** Deleted paragraph ends and table rows. Their marks are in the properties of the paragraph or row. */
class TrackedChanges {
  readonly #story: StoryWriter;
  readonly #joinedParagraphs: boolean[] = [];
  readonly #deletedRows: boolean[] = [];
  #properties: 'paragraph' | 'row' | undefined;

  constructor(story: StoryWriter) {
    this.#story = story;
  }

  openProperties(owner: 'paragraph' | 'row'): void {
    this.#properties = owner;
  }

  closeProperties(): void {
    this.#properties = undefined;
  }

  /** Called for a mark of deletion. Outside of properties, the mark encloses the deleted text. */
  mark(): void {
    if (this.#properties === 'paragraph') this.#joinedParagraphs[this.#joinedParagraphs.length - 1] = true;
    if (this.#properties !== 'row' || this.#deletedRows.at(-1)) return;
    this.#deletedRows[this.#deletedRows.length - 1] = true;
    this.#story.silence();
  }

  openParagraph(): void {
    this.#story.openParagraph();
    this.#joinedParagraphs.push(false);
  }

  /** Returns true if the end of the paragraph was deleted. */
  closeParagraph(): boolean {
    return this.#joinedParagraphs.pop() ?? false;
  }

  openRow(): void {
    this.#deletedRows.push(false);
  }

  closeRow(): void {
    if (this.#deletedRows.pop()) this.#story.endSilence();
    else this.#story.closeRow();
  }
}

/** Drop-down list of a form. The document has no text for its selected entry. */
class ChoiceList {
  readonly #entries: string[] = [];
  #selected: number | undefined;

  addEntry(value: string): void {
    this.#entries.push(value);
  }

  /** The result precedes the default in the file. */
  select(position: string): void {
    this.#selected ??= Number(position);
  }

  get selected(): string {
    return this.#entries[this.#selected ?? 0] ?? '';
  }
}

/** Symbol fonts use code points for private use, which mean nothing without the font. */
function symbolOf(code: string): string {
  const symbol = Number.parseInt(code, 16);
  const isPrivate = symbol >= 0xe000 && symbol <= 0xf8ff;
  return symbol > 0x20 && symbol < 0xffff && !isPrivate ? String.fromCharCode(symbol) : '';
}
