/**
 * Converts HTML to the content of pdfmake. The parser streams tags: it runs no script and fetches nothing. Elements nested
 * deeper than a limit are laid out as their text.
 */
import { Parser } from 'htmlparser2';
import type { Content, ContentTable, TableCell } from 'pdfmake/interfaces.js';
import { codeBlock } from './code-block.ts';
import { imageBlock } from './image-block.ts';
import { keepHeadings } from './keep-headings.ts';
import { type Inline, Paragraph } from './paragraph.ts';
import { tableOf } from './table-content.ts';
import { isHeading, LINK_COLOR, RULE_COLOR } from './text-styles.ts';

const names = (list: string): ReadonlySet<string> => new Set(list.split(' '));

/** Elements whose content is not document text. */
const SILENT = names('audio canvas head iframe noframes noscript object script style svg template video');
const BLOCKS = names(
  'address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol option p pre section summary table tbody td tfoot th thead tr ul',
);
const BOLD = names('b strong th dt legend summary');
const ITALIC = names('i em cite dfn var address');
const CODE = names('code kbd samp tt');
const UNDERLINED = names('u ins');
const STRUCK = names('s del strike');
const MAX_DEPTH = 100;
/** A link of another scheme could run a program or open a local file. */
const LINK = /^(https?:\/\/|mailto:)/i;

export interface HtmlContent {
  readonly content: Content[];
  readonly imagesLeftOut: number;
}

export interface ContentOptions {
  /** Width of the page without its margins, in points. */
  readonly width: number;
  readonly fontSize: number;
  /** Called after each unit of work. */
  readonly step: () => void;
  /** Prepares the text of a paragraph: fonts of its characters, and right-to-left lines. */
  readonly shape: (inlines: readonly Inline[], options: { readonly width: number }) => Content[];
}

export function htmlContent(source: string, options: ContentOptions): HtmlContent {
  const builder = new ContentBuilder(options);
  const parser = new Parser(
    {
      onopentag: (name, attributes) => builder.open(name, attributes),
      onclosetag: (name) => builder.close(name),
      ontext: (text) => builder.text(text),
    },
    { decodeEntities: true },
  );
  parser.end(source);
  return { content: builder.end(), imagesLeftOut: builder.imagesLeftOut };
}

type Attributes = Readonly<Record<string, string>>;

/** An open element that contains blocks. */
interface Container {
  readonly name: string;
  readonly attributes: Attributes;
  readonly blocks: Content[];
  /** Rows of a table. */
  readonly rows: TableCell[][];
  /** Number of leading rows with header cells only. */
  headerRows: number;
}

class ContentBuilder {
  readonly #options: ContentOptions;
  readonly #containers: Container[] = [newContainer('body', {})];
  /** Names of the open elements. */
  readonly #open: string[] = [];
  readonly #links: string[] = [];
  #paragraph = new Paragraph();
  #silent = 0;
  #keepsBlanks = 0;
  imagesLeftOut = 0;

  constructor(options: ContentOptions) {
    this.#options = options;
  }

  open(name: string, attributes: Attributes): void {
    this.#open.push(name);
    if (SILENT.has(name)) this.#silent += 1;
    if (this.#silent > 0 || this.#open.length > MAX_DEPTH) return;
    if (BLOCKS.has(name)) this.#flush();
    if (name === 'pre') this.#keepsBlanks += 1;
    if (name === 'a') this.#links.push(attributes['href'] ?? '');
    if (name === 'br') this.#paragraph.lineBreak();
    if (name === 'hr') this.#add(this.#rule());
    if (name === 'img') this.#image(attributes);
    if (CONTAINERS.has(name)) this.#containers.push(newContainer(name, attributes));
  }

  close(name: string): void {
    const isActive = this.#silent === 0 && this.#open.length <= MAX_DEPTH;
    this.#open.pop();
    if (SILENT.has(name)) this.#silent -= 1;
    if (!isActive) return;
    if (BLOCKS.has(name)) this.#flush(name);
    if (name === 'pre') this.#keepsBlanks -= 1;
    if (name === 'a') this.#links.pop();
    if (CONTAINERS.has(name) && this.#top.name === name && this.#containers.length > 1) this.#endContainer();
  }

  text(text: string): void {
    if (this.#silent > 0 || this.#open.includes('title')) return;
    this.#paragraph.write(text, this.#style(), { keepsBlanks: this.#keepsBlanks > 0 });
  }

  end(): Content[] {
    this.#flush();
    while (this.#containers.length > 1) this.#endContainer();
    return keepHeadings(this.#top.blocks);
  }

  get #top(): Container {
    return this.#containers.at(-1) as Container;
  }

  #style(): Omit<Inline, 'text'> {
    const has = (set: ReadonlySet<string>) => this.#open.some((name) => set.has(name));
    const href = this.#links.findLast((link) => LINK.test(link));
    return {
      ...(has(BOLD) && { bold: true }),
      ...(has(ITALIC) && { italics: true }),
      ...((has(CODE) || this.#keepsBlanks > 0) && { font: 'Mono' }),
      ...(has(UNDERLINED) && { decoration: 'underline' as const }),
      ...(has(STRUCK) && { decoration: 'lineThrough' as const }),
      ...(this.#open.includes('sup') && { sup: true }),
      ...(this.#open.includes('sub') && { sub: true }),
      ...(href !== undefined && { link: href, color: LINK_COLOR, decoration: 'underline' as const }),
    };
  }

  /** Ends the paragraph that is open. `name` is the element that ends with it. */
  #flush(name = ''): void {
    const inlines = this.#paragraph.take({ keepsBlanks: this.#keepsBlanks > 0 });
    if (inlines.length === 0) return;
    const heading = [name, ...this.#open].find(isHeading);
    const style = heading ?? (this.#isCompact(name) ? [] : 'paragraph');
    const blocks = this.#options.shape(inlines, { width: this.#options.width });
    if (this.#keepsBlanks > 0) {
      this.#add(codeBlock(blocks, inlines, this.#options));
      return;
    }
    const isQuote = this.#containers.some((one) => one.name === 'blockquote');
    this.#add(
      ...blocks.map(
        (block): Content =>
          ({
            ...(block as object),
            style: [style, ...(isQuote ? ['quote'] : [])].flat(),
          }) as Content,
      ),
    );
  }

  /** Cells and list items have no space below their text. */
  #isCompact(name: string): boolean {
    return COMPACT.has(name) || (COMPACT.has(this.#top.name) && name !== 'p');
  }

  #add(...blocks: Content[]): void {
    this.#top.blocks.push(...blocks);
  }

  #rule(): Content {
    const { width } = this.#options;
    return {
      canvas: [{ type: 'line', x1: 0, y1: 0, x2: width, y2: 0, lineWidth: 0.7, lineColor: RULE_COLOR }],
      margin: [0, 4, 0, 8],
    };
  }

  #image({ src = '', alt = '', width = '' }: Attributes): void {
    const isInCell = this.#containers.some(({ name }) => CELLS.has(name));
    const image = imageBlock(src, {
      maxWidth: isInCell ? this.#options.width / 3 : this.#options.width,
      pixels: /^\d{1,5}(px)?$/.test(width) ? Number.parseInt(width, 10) || undefined : undefined,
    });
    if (image === undefined) {
      this.imagesLeftOut += 1;
      if (alt.trim() !== '')
        this.#paragraph.write(`[${alt.trim()}]`, { italics: true }, { keepsBlanks: false });
      return;
    }
    this.#flush();
    this.#add(image);
  }

  #endContainer(): void {
    const ended = this.#containers.pop() as Container;
    const { name, attributes, blocks, rows } = ended;
    switch (name) {
      case 'ul':
        if (blocks.length > 0) this.#add({ ul: blocks, margin: [0, 0, 0, this.#options.fontSize * 0.5] });
        break;
      case 'ol':
        if (blocks.length > 0)
          this.#add({
            ol: blocks,
            start: startOf(attributes),
            margin: [0, 0, 0, this.#options.fontSize * 0.5],
          });
        break;
      case 'tr':
        this.#row(ended);
        break;
      case 'td':
      case 'th':
        this.#cell(ended);
        break;
      case 'table':
        if (rows.length > 0) this.#add(tableOf(ended, this.#options) as ContentTable);
        break;
      case 'blockquote':
        this.#add({ stack: blocks, margin: [14, 2, 0, 4] });
        break;
      case 'dd':
        this.#add({ stack: blocks, margin: [14, 0, 0, 4] });
        break;
      default:
        if (blocks.length > 0) this.#add({ stack: blocks });
    }
  }

  #cell({ name, attributes, blocks }: Container): void {
    const row = this.#top;
    row.rows[0] ??= [];
    const span = (text: string | undefined) => Math.min(Math.max(Math.floor(Number(text)) || 1, 1), 1_000);
    row.rows[0].push({
      stack: blocks,
      colSpan: span(attributes['colspan']),
      rowSpan: span(attributes['rowspan']),
      isHeader: name === 'th',
      ...alignmentOf(attributes),
    } as TableCell);
  }

  #row({ rows: [cells = []] }: Container): void {
    const table = this.#containers.findLast(({ name }) => name === 'table');
    if (table === undefined || cells.length === 0) return;
    const isHeader = cells.every((cell) => (cell as { isHeader?: boolean }).isHeader === true);
    // Markdown has no tables without a header, so an empty one means none.
    if (isHeader && cells.every((cell) => (cell as { stack: Content[] }).stack.length === 0)) return;
    if (isHeader && table.headerRows === table.rows.length) table.headerRows += 1;
    table.rows.push(cells);
  }
}

const CELLS = names('td th');
const CONTAINERS = names('ul ol li table tr td th blockquote dd');
const COMPACT = names('td th li dt dd summary figcaption caption option');

function newContainer(name: string, attributes: Attributes): Container {
  return { name, attributes, blocks: [], rows: [], headerRows: 0 };
}

function startOf({ start }: Attributes): number {
  const number = Number(start ?? 1);
  return Number.isSafeInteger(number) ? number : 1;
}

const ALIGNMENT = /text-align\s{0,5}:\s{0,5}(left|right|center)/i;

function alignmentOf({ align, style }: Attributes): { alignment?: 'left' | 'right' | 'center' } {
  const given = (ALIGNMENT.exec(style ?? '')?.[1] ?? align)?.toLowerCase();
  return given === 'left' || given === 'right' || given === 'center' ? { alignment: given } : {};
}
