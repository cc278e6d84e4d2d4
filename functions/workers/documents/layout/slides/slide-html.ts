/** Converts a slide to HTML. */
import { attribute, decodeEscapes } from '../../office/office-file.ts';
import type { XmlReader } from '../../office/read-xml.ts';

/** A picture of a slide. */
export interface SlidePicture {
  /** Id of the relation to the image. */
  readonly relation: string;
  /** Width on the slide in EMU, or 0 if the slide does not state it. */
  readonly width: number;
}

export interface SlideHtml {
  readonly title: string;
  /** HTML, or a picture between HTML. */
  readonly blocks: readonly (string | SlidePicture)[];
  readonly isHidden: boolean;
  /** Number of charts, videos and embedded objects, which are left out. */
  readonly objects: number;
}

type Attributes = Readonly<Record<string, string>>;

const TITLES = new Set(['title', 'ctrTitle']);
/** Placeholders without bullets. One without a type contains any object, such as a text with bullets. */
const PLAIN = new Set(['title', 'ctrTitle', 'subTitle', 'dt', 'ftr', 'sldNum', 'hdr']);
const OBJECTS = /\/(chart|chartex|ole)$/;

interface OpenParagraph {
  readonly level: number;
  html: string;
  list: 'ul' | 'ol' | undefined;
}

export class SlideReader implements XmlReader {
  readonly #blocks: (string | SlidePicture)[] = [];
  readonly #lists: ('ul' | 'ol')[] = [];
  /** HTML of the open table cells. */
  readonly #cells: string[] = [];
  /** Numbers of blocks before the open alternatives. */
  readonly #alternatives: number[] = [];
  readonly #silentBranches: boolean[] = [];
  #title = '';
  #placeholder: string | undefined;
  #hasHeader = false;
  #rows = 0;
  #paragraph: OpenParagraph | undefined;
  #run: Attributes = {};
  #text: string | undefined;
  #picture: { relation: string; width: number } | undefined;
  #isHidden = false;
  #objects = 0;
  #silent = 0;

  end(): SlideHtml {
    this.#endLists(0);
    return {
      title: this.#title,
      blocks: this.#blocks,
      isHidden: this.#isHidden,
      objects: this.#objects,
    };
  }

  open(name: string, attributes: Attributes): void {
    if (name === 'sld') this.#isHidden = attributes['show'] === '0';
    if (name === 'AlternateContent') this.#alternatives.push(this.#blocks.length);
    if (name === 'Choice' || name === 'Fallback') this.#openBranch();
    if (this.#silent > 0) return;
    if (Object.hasOwn(this.#opened, name)) this.#opened[name]?.(attributes);
  }

  close(name: string): void {
    if (name === 'AlternateContent') this.#alternatives.pop();
    if (name === 'Choice' || name === 'Fallback') this.#silent -= this.#silentBranches.pop() ? 1 : 0;
    else if (this.#silent === 0 && Object.hasOwn(this.#closed, name)) this.#closed[name]?.();
  }

  text(piece: string): void {
    if (this.#text !== undefined) this.#text += piece;
  }

  readonly #opened: Readonly<Record<string, (attributes: Attributes) => void>> = {
    sp: () => {
      this.#placeholder = undefined;
    },
    ph: ({ type = '' }) => {
      this.#placeholder = type;
    },
    p: () => this.#openParagraph(),
    pPr: ({ lvl = '0' }) => {
      // A field in the middle of a paragraph repeats its properties.
      if (this.#paragraph?.html === '') this.#openParagraph(Number(lvl));
    },
    buNone: () => this.#setList(undefined),
    buChar: () => this.#setList('ul'),
    buBlip: () => this.#setList('ul'),
    buAutoNum: () => this.#setList('ol'),
    r: () => {
      this.#run = {};
    },
    fld: () => {
      this.#run = {};
    },
    rPr: (attributes) => {
      this.#run = attributes;
    },
    t: () => {
      this.#text = '';
    },
    br: () => this.#write('<br>'),
    tbl: () => {
      this.#endLists(0);
      [this.#rows, this.#hasHeader] = [0, false];
      this.#add('<table>');
    },
    tblPr: ({ firstRow }) => {
      this.#hasHeader = firstRow === '1' || firstRow === 'true';
    },
    tr: () => this.#add('<tr>'),
    tc: (attributes) => this.#openCell(attributes),
    pic: () => {
      this.#picture = { relation: '', width: 0 };
    },
    blip: (attributes) => {
      if (this.#picture !== undefined) this.#picture.relation = attribute(attributes, 'embed') ?? '';
    },
    ext: ({ cx }) => {
      if (this.#picture !== undefined && cx !== undefined) this.#picture.width ||= Number(cx);
    },
    graphicData: ({ uri = '' }) => {
      if (OBJECTS.test(uri)) this.#objects += 1;
    },
    videoFile: () => {
      this.#objects += 1;
    },
  };

  readonly #closed: Readonly<Record<string, () => void>> = {
    sp: () => {
      this.#endLists(0);
      this.#placeholder = undefined;
    },
    t: () => {
      this.#write(styled(escapeHtml(decodeEscapes(this.#text ?? '')), this.#run));
      this.#text = undefined;
    },
    p: () => this.#closeParagraph(),
    tc: () => this.#closeCell(),
    tr: () => {
      this.#rows += 1;
      this.#add('</tr>');
    },
    tbl: () => this.#add('</table>'),
    pic: () => {
      const picture = this.#picture;
      this.#picture = undefined;
      if (picture === undefined || picture.relation === '') return;
      this.#endLists(0);
      this.#blocks.push(picture);
    },
  };

  /** Content may be stored several times, for programs of different age. The first copy with content is shown. */
  #openBranch(): void {
    const isSilent = this.#silent > 0 || this.#blocks.length > (this.#alternatives.at(-1) ?? 0);
    this.#silentBranches.push(isSilent);
    if (isSilent) this.#silent += 1;
  }

  #openParagraph(level = 0): void {
    const placeholder = this.#placeholder;
    const hasBullets = placeholder !== undefined && !PLAIN.has(placeholder) && this.#cells.length === 0;
    this.#paragraph = { level, html: '', list: hasBullets ? 'ul' : undefined };
  }

  #setList(list: 'ul' | 'ol' | undefined): void {
    if (this.#paragraph !== undefined && this.#paragraph.html === '') this.#paragraph.list = list;
  }

  #write(html: string): void {
    if (this.#paragraph !== undefined) this.#paragraph.html += html;
  }

  #closeParagraph(): void {
    const paragraph = this.#paragraph;
    this.#paragraph = undefined;
    if (paragraph === undefined || paragraph.html.trim() === '') return;
    const { html, list, level } = paragraph;
    if (this.#cells.length > 0) this.#cells[this.#cells.length - 1] += `${html}<br>`;
    // The numbers of pages replace those of slides.
    else if (this.#placeholder === 'sldNum') return;
    else if (TITLES.has(this.#placeholder ?? '')) this.#title += `${this.#title && '<br>'}${html}`;
    else if (list === undefined) {
      this.#endLists(0);
      this.#add(`<p>${html}</p>`);
    } else this.#addListItem(html, list, level);
  }

  /** Deeper levels are lists in the item before them. */
  #addListItem(html: string, list: 'ul' | 'ol', level: number): void {
    this.#endLists(level + 1);
    if (this.#lists.length === level + 1 && this.#lists[level] !== list) this.#endLists(level);
    if (this.#lists.length === level + 1) this.#add('</li>');
    while (this.#lists.length <= level) {
      const isDeepest = this.#lists.length === level;
      const opened = isDeepest ? list : 'ul';
      this.#lists.push(opened);
      this.#add(isDeepest ? `<${opened}>` : `<${opened}><li>`);
    }
    this.#add(`<li>${html}`);
  }

  #endLists(depth: number): void {
    while (this.#lists.length > depth) this.#add(`</li></${this.#lists.pop()}>`);
  }

  #openCell({ gridSpan = '1', rowSpan = '1', hMerge, vMerge }: Attributes): void {
    const isCovered = [hMerge, vMerge].some((merge) => merge === '1' || merge === 'true');
    if (isCovered) {
      this.#cells.push('');
      return;
    }
    const name = this.#hasHeader && this.#rows === 0 ? 'th' : 'td';
    this.#cells.push(`<${name} colspan="${Number(gridSpan)}" rowspan="${Number(rowSpan)}">`);
  }

  #closeCell(): void {
    const cell = this.#cells.pop() ?? '';
    // Another cell covers an empty one.
    if (cell.startsWith('<t')) this.#add(`${cell.replace(/<br>$/, '')}</${cell.slice(1, 3)}>`);
  }

  #add(html: string): void {
    this.#blocks.push(html);
  }
}

function styled(html: string, { b, i, u = 'none', strike = 'noStrike' }: Attributes): string {
  let result = html;
  if (b === '1' || b === 'true') result = `<b>${result}</b>`;
  if (i === '1' || i === 'true') result = `<i>${result}</i>`;
  if (u !== 'none') result = `<u>${result}</u>`;
  return strike === 'noStrike' ? result : `<s>${result}</s>`;
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
