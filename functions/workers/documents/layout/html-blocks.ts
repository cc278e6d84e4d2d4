/**
 * Reads the blocks of HTML. The parser streams tags: it runs no script and fetches nothing. Elements nested deeper than a
 * limit are read as their text.
 */
import { Parser } from 'htmlparser2';
import type { Block, Cell } from './blocks.ts';
import { inputText, SelectField } from './form-fields.ts';
import { isEmbeddedImage } from './image-block.ts';
import { type Attributes, names, type OpenElement, openElement } from './open-elements.ts';
import { type Inline, Paragraph } from './paragraph.ts';
import { isHeading, LINK_COLOR, MARK_COLOR } from './text-styles.ts';

const BLOCKS = names(
  'address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol p pre section summary table tbody td tfoot th thead tr ul',
);
const BOLD = names('b strong th dt legend summary');
const ITALIC = names('i em cite dfn var address');
const CODE = names('code kbd samp tt pre');
const UNDERLINED = names('u ins');
const STRUCK = names('s del strike');
const KEEPS_BLANKS = names('pre textarea');
/** Elements that are blocks with blocks in them. */
const CONTAINERS = names('ul ol li table tr td th blockquote dd');
/** Elements without space below their text. */
const COMPACT = names('td th li dt dd summary figcaption caption');
const MAX_DEPTH = 100;
const MAX_SPAN = 1_000;
const PIXELS = /^\d{1,5}(px)?$/;
/** A link of another scheme could run a program or open a local file. */
const LINK = /^(https?:\/\/|mailto:)/i;

export interface HtmlBlocks {
  readonly blocks: readonly Block[];
  /** Number of images that are not part of the document. */
  readonly imagesLeftOut: number;
}

export function htmlBlocks(source: string): HtmlBlocks {
  const reader = new BlockReader();
  const parser = new Parser(
    {
      onopentag: (name, attributes) => reader.open(name, attributes),
      onclosetag: () => reader.close(),
      ontext: (text) => reader.text(text),
    },
    { decodeEntities: true },
  );
  parser.end(source);
  return { blocks: reader.end(), imagesLeftOut: reader.imagesLeftOut };
}

/** An open element that contains blocks. */
interface Container {
  readonly element: OpenElement;
  readonly blocks: Block[];
  /** Items of a list. */
  readonly items: (readonly Block[])[];
  /** Cells of a row. */
  readonly cells: Cell[];
  /** Rows of a table. */
  readonly rows: (readonly Cell[])[];
  headerRows: number;
}

class BlockReader {
  readonly #containers: Container[] = [newContainer(openElement('body', {}, undefined))];
  readonly #open: OpenElement[] = [];
  #paragraph = new Paragraph();
  #select: SelectField | undefined;
  imagesLeftOut = 0;

  open(name: string, attributes: Attributes): void {
    const element = openElement(name, attributes, this.#open.at(-1));
    if (BLOCKS.has(name)) this.#endParagraph();
    this.#open.push(element);
    if (element.isSilent || this.#isTooDeep) return;
    if (CONTAINERS.has(name)) this.#containers.push(newContainer(element));
    switch (name) {
      case 'br':
        this.#paragraph.lineBreak();
        break;
      case 'hr':
        this.#add({ kind: 'rule' });
        break;
      case 'img':
        this.#image(attributes);
        break;
      case 'q':
        this.#write('\u201c');
        break;
      case 'input':
        this.#write(inputText(attributes));
        break;
      case 'select':
        this.#select = new SelectField();
        break;
      case 'option':
        this.#select?.addOption(attributes);
        break;
    }
  }

  close(): void {
    const element = this.#open.at(-1);
    if (element === undefined) return;
    const isActive = !element.isSilent && !this.#isTooDeep;
    if (isActive) this.#endElement(element.name);
    this.#open.pop();
  }

  text(text: string): void {
    if (this.#open.at(-1)?.isSilent === true) return;
    if (this.#select === undefined) this.#write(text);
    else this.#select.write(text);
  }

  end(): readonly Block[] {
    this.#endParagraph();
    while (this.#containers.length > 1) this.#endContainer();
    return this.#top.blocks;
  }

  get #isTooDeep(): boolean {
    return this.#open.length > MAX_DEPTH;
  }

  get #top(): Container {
    return this.#containers.at(-1) as Container;
  }

  #endElement(name: string): void {
    if (name === 'q') this.#write('\u201d');
    if (name === 'select' && this.#select !== undefined) {
      const { text } = this.#select;
      this.#select = undefined;
      this.#write(` ${text} `);
    }
    if (BLOCKS.has(name)) this.#endParagraph();
    if (CONTAINERS.has(name) && this.#top.element.name === name && this.#containers.length > 1)
      this.#endContainer();
  }

  #write(text: string): void {
    this.#paragraph.write(text, this.#style(), { keepsBlanks: this.#isIn(KEEPS_BLANKS) });
  }

  #isInside(element: string): boolean {
    return this.#open.some(({ name }) => name === element);
  }

  #isIn(set: ReadonlySet<string>): boolean {
    return this.#open.some(({ name }) => set.has(name));
  }

  #style(): Omit<Inline, 'text'> {
    const href = this.#open.findLast(
      ({ name, attributes }) => name === 'a' && LINK.test(attributes['href'] ?? ''),
    )?.attributes['href'];
    return {
      ...(this.#isIn(BOLD) && { bold: true }),
      ...(this.#isIn(ITALIC) && { italics: true }),
      ...(this.#isIn(CODE) && { font: 'Mono' }),
      ...(this.#isIn(UNDERLINED) && { decoration: 'underline' as const }),
      ...(this.#isIn(STRUCK) && { decoration: 'lineThrough' as const }),
      ...(this.#isInside('mark') && { background: MARK_COLOR }),
      ...(this.#isInside('sup') && { sup: true }),
      ...(this.#isInside('sub') && { sub: true }),
      ...(href !== undefined && { link: href, color: LINK_COLOR, decoration: 'underline' as const }),
    };
  }

  #endParagraph(): void {
    const isCode = this.#isInside('pre');
    const inlines = this.#paragraph.take({ keepsBlanks: isCode });
    if (inlines.length === 0) return;
    if (isCode) {
      this.#add({ kind: 'code', inlines });
      return;
    }
    const alignment = this.#open.at(-1)?.alignment;
    const heading = this.#open.map(({ name }) => name).find(isHeading);
    this.#add({
      kind: 'paragraph',
      inlines,
      isCompact: this.#isCompact(),
      isQuote: this.#isInside('blockquote'),
      ...(heading !== undefined && { heading }),
      ...(alignment !== undefined && { alignment }),
    });
  }

  /** The text of cells and list items has no space below, unless it is a paragraph. */
  #isCompact(): boolean {
    const innermost = this.#open.findLast(({ name }) => BLOCKS.has(name))?.name ?? '';
    return COMPACT.has(innermost) || (innermost !== 'p' && COMPACT.has(this.#top.element.name));
  }

  #add(block: Block): void {
    this.#top.blocks.push(block);
  }

  #image({ src = '', alt = '', width = '' }: Attributes): void {
    if (!isEmbeddedImage(src)) {
      this.imagesLeftOut += 1;
      const style = { ...this.#style(), italics: true };
      if (alt.trim() !== '') this.#paragraph.write(`[${alt.trim()}]`, style, { keepsBlanks: false });
      return;
    }
    this.#endParagraph();
    const pixels = PIXELS.test(width) ? Number.parseInt(width, 10) : 0;
    this.#add({ kind: 'image', url: src, alt: alt.trim(), ...(pixels > 0 && { pixels }) });
  }

  #endContainer(): void {
    const { element, blocks, items, rows, cells, headerRows } = this.#containers.pop() as Container;
    const { name, attributes, isRightToLeft } = element;
    switch (name) {
      case 'li':
        if (this.#top.element.name === 'ul' || this.#top.element.name === 'ol') this.#top.items.push(blocks);
        else this.#add({ kind: 'group', blocks });
        break;
      case 'ul':
      case 'ol':
        // Text between the items belongs to no item.
        if (blocks.length > 0) this.#add({ kind: 'group', blocks });
        if (items.length === 0) break;
        this.#add({
          kind: 'list',
          items,
          isRightToLeft,
          ...(name === 'ol' && {
            numbering: { start: startOf(attributes), type: attributes['type'] ?? '1' },
          }),
        });
        break;
      case 'td':
      case 'th':
        if (this.#top.element.name === 'tr') this.#top.cells.push(cellOf(element, blocks));
        else this.#add({ kind: 'group', blocks });
        break;
      case 'tr':
        if (blocks.length > 0) this.#add({ kind: 'group', blocks });
        this.#endRow(cells);
        break;
      case 'table':
        // A caption, or text that is in no cell.
        if (blocks.length > 0) this.#add({ kind: 'group', blocks });
        if (rows.length > 0) this.#add({ kind: 'table', rows, headerRows, isRightToLeft });
        break;
      default:
        if (blocks.length > 0) this.#add({ kind: 'indented', blocks });
    }
  }

  #endRow(cells: readonly Cell[]): void {
    const table = this.#containers.findLast(({ element }) => element.name === 'table');
    if (table === undefined || cells.length === 0) return;
    const isHeader = cells.every((cell) => cell.isHeader);
    // Markdown has no tables without a header, so an empty one means none.
    if (isHeader && cells.every(({ blocks }) => blocks.length === 0)) return;
    if (isHeader && table.headerRows === table.rows.length) table.headerRows += 1;
    table.rows.push(cells);
  }
}

function newContainer(element: OpenElement): Container {
  return { element, blocks: [], items: [], cells: [], rows: [], headerRows: 0 };
}

function cellOf({ name, attributes, alignment }: OpenElement, blocks: readonly Block[]): Cell {
  const span = (text: string | undefined) => Math.min(Math.max(Math.floor(Number(text)) || 1, 1), MAX_SPAN);
  const last = blocks.at(-1);
  return {
    // The border needs no space above it.
    blocks: last?.kind === 'paragraph' ? [...blocks.slice(0, -1), { ...last, isCompact: true }] : blocks,
    colSpan: span(attributes['colspan']),
    rowSpan: span(attributes['rowspan']),
    isHeader: name === 'th',
    ...(alignment !== undefined && { alignment }),
  };
}

function startOf({ start }: Attributes): number {
  const number = Number(start ?? 1);
  return Number.isSafeInteger(number) ? number : 1;
}
