/** The reference: the same source, printed by Chromium with the same font, size and margins. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser } from 'playwright-core';
import { isRightToLeft } from '../../functions/workers/documents/text/bidi.ts';
import { markdownPage } from '../../functions/workers/documents/text/read-markdown.ts';
import { launchBrowser } from '../support/browser/chromium.ts';
import type { PrintableDocument } from './gallery-document.ts';

/** The margin of the worker, 56 points. */
const MARGIN = `${56 / 72}in`;
const FONT = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf');

export interface BrowserPrint {
  readonly pdf: Uint8Array;
  /** Text that a reader of the page sees, without the text of pictures. */
  readonly text: string;
  readonly isRightToLeft: boolean;
  /** Texts of the cells of each table that contains no other one, row by row. */
  readonly tables: readonly (readonly (readonly string[])[])[];
}

export class BrowserPrinter {
  readonly #browser: Browser;

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async start(): Promise<BrowserPrinter> {
    return new BrowserPrinter(await launchBrowser());
  }

  async print(document: PrintableDocument): Promise<BrowserPrint> {
    // Scripts are off, so that <noscript> is shown as it is in a PDF.
    const context = await this.#browser.newContext({ javaScriptEnabled: false, offline: true });
    try {
      const page = await context.newPage();
      await page.setContent(`${await sourceOf(document)}<style>${style()}</style>`);
      const pdf = await page.pdf({
        format: 'A4',
        margin: { top: MARGIN, right: MARGIN, bottom: MARGIN, left: MARGIN },
      });
      const text = await page.locator('body').innerText();
      const tables = await page
        .locator('table:not(:has(table))')
        .evaluateAll((found) =>
          found.map((table) =>
            [...(table as HTMLTableElement).rows].map((row) => [...row.cells].map((cell) => cell.innerText)),
          ),
        );
      return { pdf, text, isRightToLeft: isRightToLeft(text), tables };
    } finally {
      await context.close();
    }
  }

  async stop(): Promise<void> {
    await this.#browser.close();
  }
}

async function sourceOf({ name, make }: PrintableDocument): Promise<string> {
  const source = (await make()).toString();
  return name.endsWith('.md') ? (markdownPage(source).html ?? '') : source;
}

/** The default style of browsers, with the font of the worker. */
function style(): string {
  const font = readFileSync(FONT).toString('base64');
  return `@font-face { font-family: Sans; src: url(data:font/ttf;base64,${font}) }
    body { font: 10pt/1.2 Sans; margin: 0 }
    table { border-collapse: collapse } td, th { border: 1px solid #999; padding: 2px 4px }
    img { max-width: 100%; max-height: 90vh } pre { white-space: pre-wrap } p, td { overflow-wrap: anywhere }`;
}
