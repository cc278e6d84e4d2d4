import { pdfOf } from './pdf-objects.ts';

export interface FormOptions {
  /** Entries of the catalog's form dictionary. */
  readonly form?: string;
  /** Entries of the catalog. */
  readonly catalog?: string;
  /** Objects that fields refer to, numbered from 20. */
  readonly others?: readonly string[];
}

/** Number of the first of the `others`. */
export const FIRST_OTHER = 20;

/** A page with these form fields below each other. A field has the entries of its dictionary, such as `/FT /Tx`. */
export function formOf(
  fields: readonly string[],
  { form = '', catalog = '', others = [] }: FormOptions = {},
): Buffer {
  const first = 5;
  const refs = fields.map((_, i) => `${first + i} 0 R`).join(' ');
  const widgets = fields.map(
    (entries, i) =>
      `<< /Type /Annot /Subtype /Widget /F 4 /P 3 0 R /Rect [50 ${250 - 40 * i} 300 ${280 - 40 * i}] ${entries} >>`,
  );
  const fillers = Array.from({ length: FIRST_OTHER - first - fields.length }, () => 'null');
  return pdfOf([
    `<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [${refs}] /DA (/Helv 12 Tf 0 g) /DR << /Font << /Helv 4 0 R >> >> ${form} >> ${catalog} >>`,
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 300] /Annots [${refs}] >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
    ...widgets,
    ...fillers,
    ...others,
  ]);
}

/** A text field without an appearance, as form fillers write it. */
export function textField(name: string, value: string): string {
  return `/FT /Tx /T (${name}) /V (${value})`;
}

/** A form of Adobe LiveCycle: its fields are in XML, and its page asks for another viewer. */
export function dynamicXfa(): Buffer {
  const template = `<template xmlns="http://www.xfa.org/schema/xfa-template/2.6/"><subform name="form" layout="tb"><pageSet><pageArea><contentArea w="180mm" h="200mm"/><medium short="210mm" long="297mm"/></pageArea></pageSet><subform w="180mm" h="100mm"><draw w="100mm" h="10mm"><value><text>A label of the form</text></value></draw><field name="city" w="100mm" h="10mm"><ui><textEdit/></ui><value><text>XFA-VALUE-1</text></value></field></subform></subform></template>`;
  const xml = `<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/">${template}</xdp:xdp>`;
  const others = [`<< /Length ${xml.length} >>\nstream\n${xml}\nendstream`];
  return formOf([], { form: `/XFA ${FIRST_OTHER} 0 R`, catalog: '/NeedsRendering true', others });
}
