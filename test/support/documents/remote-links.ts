/** Documents that name files of a server and of the machine, in the ways that LibreOffice would load them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { pngOf } from './images.ts';
import { DOCX_TYPE, paragraph, wordPart } from './office.ts';
import { zipOf } from './zips.ts';

const OOXML = 'http://schemas.openxmlformats.org';
const RELATIONS = `${OOXML}/officeDocument/2006/relationships`;
const PACKAGE = `${OOXML}/package/2006`;
const ODF_NAMES = [
  ...['office', 'text', 'table', 'style'].map(
    (name) => `xmlns:${name}="urn:oasis:names:tc:opendocument:xmlns:${name}:1.0"`,
  ),
  'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"',
  'xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"',
  'xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2"',
  'xmlns:xlink="http://www.w3.org/1999/xlink"',
].join(' ');
const BEFORE = 'before the links';

/** `server` is the base URL of a server, `folder` gets the files of the machine. */
export async function documentsWithLinks(server: string, folder: string): Promise<Record<string, Buffer>> {
  const secret = join(folder, 'secret.csv');
  writeFileSync(secret, 'secret of the machine\n');
  const picture = join(folder, 'secret.png');
  writeFileSync(picture, pngOf({ width: 8, height: 8, colorType: 2, pixel: () => [200, 0, 0] }));
  const local = pathToFileURL(secret).href;
  return {
    'links.docx': await wordLinks(server, [local, pathToFileURL(picture).href]),
    'links.odt': await textLinks(server, local),
    'links.ods': await sheetLinks(server, local),
    'links.rtf': Buffer.from(
      `{\\rtf1\\ansi{\\*\\template ${server}/template.dot}${BEFORE} {\\field{\\*\\fldinst INCLUDEPICTURE "${server}/rtf.png" \\\\d}{\\fldrslt x}}}`,
    ),
  };
}

function wordLinks(server: string, [text = '', picture = '']: readonly string[]): Promise<Buffer> {
  const field = (code: string) =>
    `<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> ${code} </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>old</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>`;
  const external = (id: string, type: string, target: string) =>
    `<Relationship Id="${id}" Type="${RELATIONS}/${type}" Target="${target}" TargetMode="External"/>`;
  const relations = (list: string) =>
    `<Relationships xmlns="${PACKAGE}/relationships">${list}</Relationships>`;
  const body = [
    paragraph(BEFORE),
    linkedPicture('rIdRemote'),
    linkedPicture('rIdLocal'),
    field(`INCLUDEPICTURE "${server}/field.png" \\d`),
    field(`INCLUDETEXT "${server}/included.docx"`),
    field(`INCLUDETEXT "${text}"`),
  ];
  return zipOf({
    '[Content_Types].xml': `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="${DOCX_TYPE}"/><Override PartName="/word/settings.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"/></Types>`,
    '_rels/.rels': relations(
      `<Relationship Id="rId1" Type="${RELATIONS}/officeDocument" Target="word/document.xml"/>`,
    ),
    'word/document.xml': wordPart(body.join('')),
    'word/_rels/document.xml.rels': relations(
      external('rIdRemote', 'image', `${server}/image.png`) +
        external('rIdLocal', 'image', picture) +
        `<Relationship Id="rIdSettings" Type="${RELATIONS}/settings" Target="settings.xml"/>`,
    ),
    'word/settings.xml': `<w:settings xmlns:w="${OOXML}/wordprocessingml/2006/main" xmlns:r="${RELATIONS}"><w:attachedTemplate r:id="rId1"/></w:settings>`,
    'word/_rels/settings.xml.rels': relations(
      external('rId1', 'attachedTemplate', `${server}/template.dotm`),
    ),
  });
}

function linkedPicture(relation: string): string {
  const drawing = `${OOXML}/drawingml/2006`;
  const size = 'cx="1000000" cy="1000000"';
  return `<w:p><w:r><w:drawing><wp:inline xmlns:wp="${drawing}/wordprocessingDrawing"><wp:extent ${size}/><wp:docPr id="1" name="x"/><a:graphic xmlns:a="${drawing}/main"><a:graphicData uri="${drawing}/picture"><pic:pic xmlns:pic="${drawing}/picture"><pic:nvPicPr><pic:cNvPr id="0" name="x"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:link="${relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext ${size}/></a:xfrm><a:prstGeom prst="rect"/></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>`;
}

const XLINK = 'xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"';

function textLinks(server: string, local: string): Promise<Buffer> {
  const frame = (content: string) =>
    `<text:p><draw:frame text:anchor-type="as-char" svg:width="3cm" svg:height="3cm">${content}</draw:frame></text:p>`;
  const section = (name: string, source: string) =>
    `<text:section text:name="${name}"><text:section-source ${source}/><text:p>old</text:p></text:section>`;
  return odfOf('text', [
    `<text:p>${BEFORE}</text:p>`,
    frame(`<draw:image xlink:href="${server}/image.png" ${XLINK}/>`),
    frame(`<draw:object xlink:href="${server}/object.ods" ${XLINK}/>`),
    frame(`<draw:floating-frame xlink:href="${server}/frame.html" ${XLINK}/>`),
    frame(
      `<draw:plugin xlink:href="${server}/video.mp4" ${XLINK} draw:mime-type="application/vnd.sun.star.media"/>`,
    ),
    section('remote', `xlink:href="${server}/section.odt" xlink:type="simple"`),
    section('local', `xlink:href="${local}" xlink:type="simple" text:filter-name="Text"`),
  ]);
}

function sheetLinks(server: string, local: string): Promise<Buffer> {
  const cell = (formula: string) =>
    `<table:table-cell table:formula="of:=${formula}" office:value-type="string"><text:p>old</text:p></table:table-cell>`;
  const cells = [
    `<table:table-cell office:value-type="string"><text:p>${BEFORE}</text:p></table:table-cell>`,
    cell(`WEBSERVICE(&quot;${server}/webservice&quot;)`),
    cell(`'${server}/external.csv'#$Sheet1.A1`),
    cell(`'${local}'#$secret.A1`),
    cell(`DDE(&quot;soffice&quot;;&quot;${local}&quot;;&quot;A1&quot;)`),
  ];
  const rows = `<table:table-row>${cells.join('')}</table:table-row>`;
  return odfOf('spreadsheet', [`<table:table table:name="Sheet1">${rows}</table:table>`]);
}

function odfOf(kind: 'text' | 'spreadsheet', content: readonly string[]): Promise<Buffer> {
  const type = `application/vnd.oasis.opendocument.${kind}`;
  return zipOf({
    mimetype: type,
    'content.xml': `<office:document-content ${ODF_NAMES} office:version="1.3"><office:body><office:${kind}>${content.join('')}</office:${kind}></office:body></office:document-content>`,
    'META-INF/manifest.xml': `<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:media-type="${type}"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>`,
  });
}
