import { describe, expect, test } from 'vitest';
import { readRequest } from '../../../functions/scan-sources/request-file.ts';
import { refusalOf } from './refusal-of.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const xml = (text: string) => readRequest('r.xml', bytes(text));

const FULL = `<?xml version="1.0" encoding="UTF-8"?>
<!-- a comment with <!DOCTYPE x> and &entities; in it -->
<jobRequest id="invoices-1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="r.xsd">
  <template>merge-to-pdf</template>
  <creator>archive &amp; co</creator>
  <name>Invoices</name>
  <description><![CDATA[ <b>&amp; all</b> ]]></description>
  <priority>7</priority>
  <parameters>
    <parameter name="title">Gr&#252;&#xDF;e</parameter>
    <parameter name="dpi" type="number">300</parameter>
    <parameter name="gray" type="boolean">true</parameter>
    <parameter name="margins" type="json">[1, 2]</parameter>
  </parameters>
  <items>
    <item id="4711">
      <parts>
        <part type="BASE_PART">
          <url>documents/4711.pdf</url>
          <filename>invoice.pdf</filename>
          <mimeType>application/pdf</mimeType>
          <properties><property name="pages">2</property></properties>
        </part>
        <part type="META"><url>s3://theirs/a.xml</url></part>
      </parts>
      <indexData><field name="customer">C-1</field></indexData>
      <properties><property name="year" type="number">2026</property></properties>
    </item>
    <item/>
  </items>
</jobRequest>
`;

describe('a request in XML', () => {
  test('becomes the body of a job with its template', () => {
    const request = xml(FULL);

    expect(request).toEqual({
      id: 'invoices-1',
      body: {
        template: 'merge-to-pdf',
        name: 'Invoices',
        description: ' <b>&amp; all</b> ',
        labels: { creator: 'archive & co' },
        priority: 7,
        parameters: { title: 'Grüße', dpi: 300, gray: true, margins: [1, 2] },
        items: [
          {
            id: '4711',
            parts: [
              {
                url: 'documents/4711.pdf',
                filename: 'invoice.pdf',
                type: 'BASE_PART',
                mimeType: 'application/pdf',
                properties: { pages: '2' },
              },
              { url: 's3://theirs/a.xml', type: 'META' },
            ],
            indexData: { customer: 'C-1' },
            properties: { year: 2026 },
          },
          {},
        ],
      },
    });
  });

  test('needs only a template', () => {
    expect(xml('<jobRequest><template> t </template></jobRequest>')).toEqual({ body: { template: 't' } });
  });

  test.each([
    [
      'a DOCTYPE',
      '<!DOCTYPE jobRequest SYSTEM "file:///etc/passwd"><jobRequest/>',
      'line 1: <!DOCTYPE is not',
    ],
    ['a DOCTYPE in small letters', '<!doctype jobRequest><jobRequest/>', '<!doctype is not allowed'],
    [
      'a bomb of entities',
      '<?xml version="1.0"?>\n<!DOCTYPE b [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><jobRequest>&b;</jobRequest>',
      'line 2: <!DOCTYPE is not allowed',
    ],
    ['an unknown entity', '<jobRequest><template>&xxe;</template></jobRequest>', "'&xxe;' is not known"],
    ['an entity in an attribute', '<jobRequest id="&xxe;"/>', "'&xxe;' is not known"],
    ['a bare ampersand', '<jobRequest><template>a & b</template></jobRequest>', "'&' is not known"],
    [
      'a reference to no character',
      '<jobRequest><template>&#0;</template></jobRequest>',
      "'&#0;' is not a valid XML character",
    ],
    [
      'an unknown element',
      '<jobRequest>\n<template>t</template>\n<prioriti>1</prioriti></jobRequest>',
      '/jobRequest/prioriti (line 3) is not known here; allowed in <jobRequest>: <template>, <creator>',
    ],
    [
      'an unknown element deep in it',
      '<jobRequest><template>t</template><items><item/><item><part/></item></items></jobRequest>',
      '/jobRequest/items/item[2]/part (line 1) is not known here',
    ],
    [
      'an unknown attribute',
      '<jobRequest lang="de"><template>t</template></jobRequest>',
      "unknown attribute 'lang'; allowed: id",
    ],
    [
      'an element twice',
      '<jobRequest><template>t</template><template>u</template></jobRequest>',
      '/jobRequest/template[2] (line 1) appears twice',
    ],
    [
      'text where elements belong',
      '<jobRequest>hello<template>t</template></jobRequest>',
      "has the text 'hello'",
    ],
    [
      'an element where text belongs',
      '<jobRequest><template><b/></template></jobRequest>',
      '<template> can contain only text',
    ],
    ['no template', '<jobRequest/>', 'has no <template>'],
    ['another root', '<request/>', 'its root element is <request>; <jobRequest> is expected'],
    ['a second root', '<jobRequest/><jobRequest/>', 'Extra content at the end'],
    [
      'text behind the root',
      '<jobRequest><template>t</template></jobRequest>behind',
      'Extra content at the end',
    ],
    ['text behind an empty root', '<jobRequest/>behind', 'Extra content at the end'],
    [
      'an element that is not closed',
      '<jobRequest><template>t</jobRequest>',
      'Missing end tag for element template',
    ],
    ['an attribute twice', '<jobRequest id="a" id="b"/>', 'Duplicate attribute: id'],
    ['nothing', '', 'Root element is missing'],
    [
      'depth',
      `<jobRequest>${'<a>'.repeat(100)}${'</a>'.repeat(100)}</jobRequest>`,
      'deeper than the 16 levels',
    ],
    [
      'so much depth that the parser runs out of stack',
      `${'<a>'.repeat(190_000)}${'</a>'.repeat(190_000)}`,
      'deeper than the 16 levels',
    ],
    [
      'a mistake behind other scripts and emoji',
      '<jobRequest>\n<template>😀 Grüße €</template>\n<nope/></jobRequest>',
      '/jobRequest/nope (line 3) is not known here',
    ],
    [
      'a control character',
      '<jobRequest>\n\u0001</jobRequest>',
      'line 2: the character U+0001 is not allowed in XML',
    ],
    ['a name that is dangerous', '<jobRequest><constructor/></jobRequest>', 'constructor'],
    [
      'a word for a number',
      '<jobRequest><template>t</template><priority>high</priority></jobRequest>',
      "is 'high'; a number",
    ],
    [
      'an integer that would lose digits',
      '<jobRequest><template>t</template><parameters><parameter name="a" type="number">9007199254740993</parameter></parameters></jobRequest>',
      "is '9007199254740993', which is an integer beyond 2^53 - 1",
    ],
    [
      'a decimal that would lose digits',
      '<jobRequest><template>t</template><parameters><parameter name="a" type="number">0.1234567890123456789</parameter></parameters></jobRequest>',
      'has more digits than a number keeps',
    ],
    [
      'an unknown type',
      '<jobRequest><template>t</template><parameters><parameter name="a" type="date">x</parameter></parameters></jobRequest>',
      "type 'date'; allowed are string, number, boolean, json",
    ],
    [
      'broken JSON',
      '<jobRequest><template>t</template><parameters><parameter name="a" type="json">{</parameter></parameters></jobRequest>',
      '/parameter (line 1): Expected',
    ],
    [
      'a parameter twice',
      '<jobRequest><template>t</template><parameters><parameter name="a"/><parameter name="a"/></parameters></jobRequest>',
      "has the name 'a' of another parameter",
    ],
    [
      'a part without a URL',
      '<jobRequest><template>t</template><items><item><parts><part/></parts></item></items></jobRequest>',
      'has no <url>',
    ],
    [
      'an id that is none',
      '<jobRequest id="a/b"><template>t</template></jobRequest>',
      'the id is not accepted',
    ],
  ])('is refused with %s', (_what, text, words) => {
    expect(refusalOf(() => xml(text))).toContain(words);
  });

  test('with too many tags is refused quickly, before parsing', () => {
    const begin = performance.now();

    const reason = refusalOf(() => xml(`<jobRequest>${'<a/>'.repeat(1_000_000)}</jobRequest>`));

    expect(reason).toContain('more than 400000 tags');
    expect(performance.now() - begin).toBeLessThan(5_000);
  });
});

describe('the encoding', () => {
  const text = '<jobRequest><template>Grüße €</template></jobRequest>';
  const utf16 = (content: string, big: boolean) => {
    const units = Buffer.from(`\u{FEFF}${content}`, 'utf16le');
    return new Uint8Array(big ? units.swap16() : units);
  };

  test.each([
    ['UTF-8', bytes(text)],
    ['UTF-8 with a byte order mark', bytes(`\u{FEFF}${text}`)],
    ['UTF-16, little end first', utf16(text, false)],
    ['UTF-16, big end first', utf16(`<?xml version="1.0" encoding="UTF-16"?>${text}`, true)],
    [
      'Windows-1252',
      new Uint8Array(
        Buffer.from(`<?xml version="1.0" encoding="Windows-1252"?>${text.replace('€', '\u0080')}`, 'latin1'),
      ),
    ],
  ])('%s is read', (_name, content) => {
    expect(readRequest('r.xml', content).body).toEqual({ template: 'Grüße €' });
  });

  test.each([
    [
      'an unknown one',
      bytes(`<?xml version="1.0" encoding="EBCDIC"?>${text}`),
      "encoding 'EBCDIC'; allowed are",
    ],
    ['bytes of another one', new Uint8Array(Buffer.from(text, 'latin1')), 'the request is not valid UTF-8'],
    [
      'a byte order mark that contradicts its declaration',
      bytes(`\u{FEFF}<?xml version="1.0" encoding="ISO-8859-1"?>${text}`),
      'begins with the byte order mark of UTF-8',
    ],
    ['UTF-16 without a mark', utf16(text, false).slice(2), 'the request is not valid UTF-8'],
  ])('%s is refused', (_name, content, words) => {
    expect(refusalOf(() => readRequest('r.xml', content))).toContain(words);
  });
});
