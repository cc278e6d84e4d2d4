import { attribute, type OfficeFile, type OfficeReading } from './office-file.ts';
import { readXml, type XmlReader } from './read-xml.ts';
import { StoryWriter } from './story-writer.ts';

/** Elements to skip: deleted text, the numbers of notes, and phonetic guides. */
const SILENT = new Set(['tracked-changes', 'note-citation', 'ruby-text']);

/** Content that is anchored in a paragraph. It follows the paragraph. */
const BOXES = new Set(['text-box', 'note-body']);

const PARAGRAPHS = new Set(['p', 'h']);
/** Elements that an empty line follows, except in texts. */
const SECTIONS = new Set(['page', 'table']);

const HEADERS = new Set(['header', 'header-left', 'header-first', 'footer', 'footer-left', 'footer-first']);

/** Bounds the number of spaces that an attribute can request. */
const MAX_BLANKS = 100;
/** Bounds the number of equal cells or rows that one element of a spreadsheet represents. */
const MAX_REPEATED = 1_000;

/** Names that the OpenDocument standard prescribes. */
const CONTENT = 'content.xml';
const STYLES = 'styles.xml';

export type OdfKind = 'text' | 'spreadsheet' | 'presentation' | 'graphics';

/**
 * Writes the content of an OpenDocument file, then its comments, and for texts the headers and footers. Tracked changes
 * appear as accepted.
 */
export async function readOdf(file: OfficeFile, kind: OdfKind): Promise<OfficeReading> {
  const content = new OdfContent(file, kind);
  await readXml(file.archive, CONTENT, { step: file.step, ...content.reader() });
  content.end();
  if (kind === 'text' && file.archive.entries.has(STYLES)) {
    const styles = new OdfContent(file, kind);
    await readXml(file.archive, STYLES, { step: file.step, ...headersOf(styles.reader()) });
    styles.end();
  }
  return kind === 'text' || kind === 'spreadsheet' ? {} : { pages: content.pages };
}

/** Restricts a reader to the headers and footers of the page styles. */
function headersOf(reader: XmlReader): XmlReader {
  let depth = 0;
  return {
    open(name, attributes) {
      if (HEADERS.has(name) && attribute(attributes, 'display') !== 'false') depth += 1;
      if (depth > 0) reader.open?.(name, attributes);
    },
    close(name) {
      if (depth > 0) reader.close?.(name);
      if (HEADERS.has(name) && depth > 0) depth -= 1;
    },
    text(piece) {
      if (depth > 0) reader.text?.(piece);
    },
  };
}

type Attributes = Readonly<Record<string, string>>;

class OdfContent {
  readonly #file: OfficeFile;
  readonly #kind: OdfKind;
  readonly #story: StoryWriter;
  readonly #comments: string[] = [];
  /** Numbers of repetitions of the open cells and rows. */
  readonly #repeats: number[] = [];
  pages = 0;

  constructor(file: OfficeFile, kind: OdfKind) {
    this.#file = file;
    this.#kind = kind;
    this.#story = new StoryWriter(file.text, file.maxCharacters);
  }

  reader(): XmlReader {
    return {
      open: (name, attributes) => this.#open(name, attributes),
      close: (name) => this.#close(name),
      text: (piece) => {
        // Pretty-printed files have line ends and spaces between the elements.
        if (this.#story.isInParagraph) this.#story.write(piece.replace(/\s+/g, ' '));
      },
    };
  }

  /** Writes the comments after the text. */
  end(): void {
    this.#story.end();
    for (const comment of this.#comments) this.#file.text.write(`${comment}\n`);
  }

  #open(name: string, attributes: Attributes): void {
    const story = this.#story;
    if (SILENT.has(name)) story.silence();
    if (BOXES.has(name) || name === 'annotation') story.openBox();
    if (PARAGRAPHS.has(name)) story.openParagraph();
    if (name === 'page') this.pages += 1;
    if (name === 'tab') story.write('\t');
    if (name === 'line-break') story.write('\n');
    if (name === 's') story.write(' '.repeat(numberOf(attribute(attributes, 'c'), MAX_BLANKS)));
    if (name === 'table' && this.#kind === 'spreadsheet')
      story.write(`${attribute(attributes, 'name') ?? ''}\n`);
    if (name === 'table-row') this.#openRepeated(attribute(attributes, 'number-rows-repeated'));
    if (name === 'table-cell') {
      this.#openRepeated(attribute(attributes, 'number-columns-repeated'));
      story.openCell();
    }
  }

  #close(name: string): void {
    const story = this.#story;
    if (SILENT.has(name)) story.endSilence();
    if (BOXES.has(name)) story.closeBox();
    if (PARAGRAPHS.has(name)) story.closeParagraph();
    if (name === 'annotation') this.#closeComment();
    if (SECTIONS.has(name) && this.#kind !== 'text') story.write('\n');
    if (name === 'table-cell') this.#closeCell();
    if (name === 'table-row') this.#closeRow();
  }

  #closeComment(): void {
    const comment = this.#story.takeBox();
    if (comment !== '' && !this.#story.isSilent) this.#comments.push(comment);
  }

  /** Starts a cell or a row, whose text is collected because it may have to be written several times. */
  #openRepeated(count: string | undefined): void {
    this.#repeats.push(numberOf(count, MAX_REPEATED));
    this.#story.openBox();
  }

  #closeCell(): void {
    const text = this.#story.takeBox();
    const count = this.#repeats.pop() ?? 1;
    // In a spreadsheet, one element may represent all empty cells of a row.
    if (text !== '') this.#story.write(`${text}\t`.repeat(count));
    else if (this.#kind !== 'spreadsheet') this.#story.write('\t');
  }

  #closeRow(): void {
    const row = this.#story.takeBox();
    const count = this.#repeats.pop() ?? 1;
    if (row === '') return;
    for (let i = 0; i < count; i += 1) {
      this.#story.write(row);
      this.#story.closeRow();
    }
  }
}

function numberOf(value: string | undefined, max: number): number {
  const number = Number(value ?? 1);
  return number >= 1 ? Math.min(number, max) : 1;
}
