/** Pages as offices and programs write them in HTML. */
import { pngOf } from '../support/documents/images.ts';
import { html, prose, rows } from './gallery-document.ts';

const LOGO = pngOf({ width: 120, height: 40, colorType: 2, pixel: (x, y) => [40, 90 + y * 2, 120 + x] });
const LOGO_URL = `data:image/png;base64,${LOGO.toString('base64')}`;

const ITEMS = rows(14, (row) => [
  row + 1,
  `Service ${row + 1}, ${row % 3 === 0 ? 'on site' : 'remote'}`,
  row + 2,
  `${(row + 2) * 45}.00`,
]);

export const HTML_PAGES = [
  html(
    'invoice',
    'logo, address, table of amounts with a total over several columns',
    `<img src="${LOGO_URL}" alt="Logo"><h1>Invoice 2026-1187</h1>
     <address>Example Ltd<br>12 High Street<br>Leeds LS1 4AP</address>
     <p>Date: <b>12 November 2026</b><br>Customer: 40017</p>
     <table><thead><tr><th>No.</th><th>Description</th><th>Hours</th><th align="right">Amount</th></tr></thead>
     <tbody>${ITEMS}</tbody>
     <tfoot><tr><td colspan="3">Net</td><td align="right">5,985.00</td></tr><tr><td colspan="3">VAT 20 %</td><td align="right">1,197.00</td></tr>
     <tr><th colspan="3">Total</th><th align="right">7,182.00</th></tr></tfoot></table>
     <p>Payable within 30 days. <i>Thank you for your order.</i></p>`,
  ),
  html(
    'letter',
    'paragraphs of a letter on two pages, with a date on the right',
    `<p style="text-align: right">Leeds, 3 March 2026</p><p>Dear Ms Novák,</p>${Array.from({ length: 14 }, (_, at) => `<p>${prose(5, at)}</p>`).join('')}<p>Yours sincerely<br><br>J. Doe</p>`,
  ),
  html(
    'report',
    'headings of six levels, none alone at the end of a page',
    [1, 2, 3, 4, 5, 6, 2, 3, 2, 3, 4, 2, 3, 3, 2, 3, 4, 5, 2]
      .map((level, at) => `<h${level}>Heading ${at + 1} of level ${level}</h${level}><p>${prose(6, at)}</p>`)
      .join(''),
  ),
  html(
    'long-table',
    'the header on each page, each row once',
    `<h2>Meter readings</h2><table><thead><tr><th>Meter</th><th>Street</th><th>Reading</th></tr></thead><tbody>${rows(150, (row) => [`M-${1000 + row}`, `${row} Canal Road`, row * 37])}</tbody></table>`,
  ),
  html(
    'wide-table',
    'fourteen columns within the page',
    `<table><tr>${Array.from({ length: 14 }, (_, at) => `<th>Month ${at + 1}</th>`).join('')}</tr>${rows(12, (row) => Array.from({ length: 14 }, (_, at) => row * 14 + at))}</table>`,
  ),
  html(
    'seven-columns',
    'text in seven columns within the page',
    `<table><tr>${['Product', 'Description', 'Supplier', 'Department', 'Responsible person', 'Comment', 'Status'].map((name) => `<th>${name}</th>`).join('')}</tr>${rows(6, (row) => [`Article ${row}`, prose(1, row), 'Northern Equipment', 'Maintenance', 'Alexandra Featherstone', prose(1, row + 2), 'approved'])}</table>`,
  ),
  html(
    'spans',
    'cells over rows and columns',
    `<table><tr><th rowspan="2">Region</th><th colspan="2">First half</th><th colspan="2">Second half</th></tr><tr><th>Q1</th><th>Q2</th><th>Q3</th><th>Q4</th></tr>
     <tr><td rowspan="3">North</td><td>11</td><td>12</td><td>13</td><td>14</td></tr><tr><td colspan="2">closed</td><td>15</td><td>16</td></tr><tr><td>17</td><td>18</td><td>19</td><td>20</td></tr>
     <tr><td>South</td><td colspan="4">no figures</td></tr></table>`,
  ),
  html(
    'long-cells',
    'cells that are longer than a page',
    `<table><tr><th>Topic</th><th>Minutes</th></tr><tr><td>Opening</td><td>${prose(90)}</td></tr><tr><td>Closing</td><td>${prose(4)}</td></tr></table>`,
  ),
  html(
    'nested-table',
    'a table in a cell',
    `<table><tr><td>Outer left<table><tr><td>inner one</td><td>inner two</td></tr><tr><td>inner three</td><td>inner four</td></tr></table></td><td>Outer right</td></tr></table>`,
  ),
  html(
    'lists',
    'lists in lists, numbers that start elsewhere, letters',
    `<ol><li>First<ul><li>with a point<ul><li>and one below</li></ul></li><li>and another</li></ul></li><li>Second<p>A paragraph of the second.</p></li></ol>
     <ol start="7"><li>Seven</li><li>Eight</li></ol><ol type="a"><li>by letter</li><li>by letter, too</li></ol><ol type="I"><li>Roman</li><li>Roman, too</li></ol>
     <ul><li><p>Paragraph in a point.</p></li><li><b>Bold</b> and <i>slanted</i></li></ul>`,
  ),
  html(
    'definitions',
    'terms and their meanings',
    `<dl>${Array.from({ length: 12 }, (_, at) => `<dt>Term ${at + 1}</dt><dd>${prose(2, at)}</dd>`).join('')}</dl>`,
  ),
  html(
    'code',
    'indented lines, long lines that wrap, code within text',
    `<p>Call <code>parse(text)</code> with <kbd>Ctrl</kbd>+<kbd>C</kbd>:</p><pre><code>function parse(text) {\n  const lines = text.split('\\n');\n\n  return lines.map((line) =&gt; line.trim());\n}\n\n// ${'a comment that is much longer than the width of the page, '.repeat(3)}\n</code></pre><p>After the code.</p>`,
  ),
  html(
    'long-words',
    'words and addresses that are wider than the page or a cell',
    `<p>https://example.com/${'a-very-long-path-without-spaces/'.repeat(8)}end</p><p>${'Donaudampfschifffahrt'.repeat(9)}</p><table><tr><td>${'x'.repeat(300)}</td><td>short</td></tr></table>`,
  ),
  html(
    'links-and-quotes',
    'links, quotes, rules',
    `<p>See <a href="https://example.com/terms">the terms</a> and <a href="mailto:a@example.com">write to us</a>.</p><blockquote><p>${prose(3)}</p><p>${prose(2)}</p><blockquote>A quote in a quote.</blockquote></blockquote><hr><p>Below the line. <q>Quoted words</q> within text.</p>`,
  ),
  html(
    'images',
    'images small, wide and tall, in text and in a cell',
    `<p>Before <img src="${LOGO_URL}" alt="small"> after.</p><img src="data:image/png;base64,${picture(1400, 300)}" alt="wide"><img src="data:image/png;base64,${picture(200, 1500)}" alt="tall"><table><tr><td>Cell</td><td><img src="${LOGO_URL}" alt="in a cell"></td></tr></table><figure><img src="${LOGO_URL}" alt="figure"><figcaption>Figure 1: the logo</figcaption></figure>`,
  ),
  html(
    'marks',
    'raised and lowered signs, deleted and inserted text, entities',
    '<p>E = mc<sup>2</sup>, H<sub>2</sub>O, <del>old</del> <ins>new</ins>, <s>wrong</s>, <u>underlined</u>, <mark>marked</mark>, <small>small</small>, <abbr title="World Wide Web">WWW</abbr></p><p>&lt;tag&gt; &amp; &quot;quotes&quot; &copy; &euro; &nbsp;&hellip; &ndash; &mdash; &frac12; &times; &deg; &micro; &Omega; &rarr; &#9731; &#x2713;</p>',
  ),
  html(
    'hidden-and-styled',
    'no hidden text; colors, floats and columns lose only their place',
    `<style>.no { display: none }</style><h1 style="color: #a00">Styled</h1><p hidden>hidden by attribute</p><p style="display: none">hidden by style</p><div style="float: right; width: 30%">Floating box</div><div style="columns: 2">${prose(8)}</div><p style="visibility:hidden">invisible</p><p>Visible.</p><template>of a template</template>`,
  ),
  html(
    'form',
    'labels and what is entered in a form',
    '<form><fieldset><legend>Your order</legend><p><label>Name <input name="n" value="Ada Lovelace"></label></p><p><label>Country <select><option>Spain</option><option selected>France</option></select></label></p><p><label>Message<br><textarea>Two lines\nof a message</textarea></label></p><p><input type="checkbox" checked> Newsletter</p><button>Send</button></fieldset></form>',
  ),
  html(
    'sections',
    'the parts of a page of an application',
    `<header><h1>Status</h1><nav><ul><li>Home</li><li>Reports</li></ul></nav></header><main><article><h2>Article</h2><section><h3>Section</h3><p>${prose(3)}</p></section><details open><summary>More</summary><p>${prose(2)}</p></details></article><aside>An aside.</aside></main><footer>Contact: 01234</footer>`,
  ),
  html(
    'caption',
    'a caption above its table',
    `<table><caption>Prices of 2026</caption><tr><th>Kind</th><th>Price</th></tr>${rows(3, (row) => [`kind ${row}`, `${row}.50`])}</table>`,
  ),
  html('empty', 'a blank page', ''),
  html(
    'many-pages',
    'two hundred pages with numbers',
    Array.from(
      { length: 200 },
      (_, at) =>
        `<h2>Chapter ${at + 1}</h2>${Array.from({ length: 8 }, (_each, part) => `<p>${prose(5, at + part)}</p>`).join('')}`,
    ).join(''),
  ),
];

/** A picture with a border, so that a cut edge is seen. */
function picture(width: number, height: number): string {
  const isEdge = (x: number, y: number) => x < 4 || y < 4 || x >= width - 4 || y >= height - 4;
  const png = pngOf({
    width,
    height,
    colorType: 0,
    pixel: (x, y) => [isEdge(x, y) ? 0 : 160 + ((Math.floor(x / 20) + Math.floor(y / 20)) % 2) * 60],
  });
  return png.toString('base64');
}
