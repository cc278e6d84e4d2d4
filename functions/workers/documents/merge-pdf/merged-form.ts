import {
  PDFArray,
  PDFBool,
  PDFDict,
  type PDFDocument,
  PDFHexString,
  PDFName,
  PDFObjectCopier,
  type PDFPage,
  PDFRef,
  PDFString,
} from '@cantoo/pdf-lib';

const name = PDFName.of;
const ACRO_FORM = name('AcroForm');
const APPEARANCE = name('AP');
const DEFAULT_APPEARANCE = name('DA');
const DEFAULT_RESOURCES = name('DR');
const FIELD_TYPE = name('FT');
const FONT = name('Font');
const KIDS = name('Kids');
const NEED_APPEARANCES = name('NeedAppearances');
const PAGE = name('P');
const PARENT = name('Parent');
const TITLE = name('T');
const VALUE = name('V');

/** Field trees are rarely deeper than five levels. The limit ends circular ones. */
const MAX_DEPTH = 50;

/**
 * Forms of the merged documents in one form. Two fields with the same name would share one value, so a later field gets
 * a number after its name.
 */
export class MergedForm {
  readonly #document: PDFDocument;
  readonly #names = new Set<string>();
  readonly #roots: PDFRef[] = [];
  readonly #fonts: PDFDict;
  #needsAppearances = false;
  #signatures = 0;

  constructor(document: PDFDocument) {
    this.#document = document;
    this.#fonts = document.context.obj({}) as PDFDict;
  }

  /** Removes the references of form fields to their pages. Otherwise each page would be copied twice. */
  static prepare(source: PDFDocument): void {
    for (const page of source.getPages()) for (const { widget } of widgetsOf(page)) widget.delete(PAGE);
  }

  /** Adds the fields that are on the copied pages of a document. */
  add(source: PDFDocument, pages: readonly PDFPage[]): void {
    const form = dictIn(source.catalog, ACRO_FORM);
    if (form === undefined) return;
    if (form.lookup(NEED_APPEARANCES) === PDFBool.True) this.#needsAppearances = true;
    const fontNames = this.#addFonts(source, form);
    const appearance = textIn(form, DEFAULT_APPEARANCE);
    const roots = new Map<PDFRef, PDFDict>();
    for (const page of pages) {
      for (const { ref, widget } of widgetsOf(page)) {
        widget.set(PAGE, page.ref);
        const [rootRef, root] = this.#rootOf(ref, widget);
        roots.set(rootRef, root);
      }
    }
    for (const [ref, root] of roots) {
      if (appearance !== undefined && !root.has(DEFAULT_APPEARANCE))
        root.set(DEFAULT_APPEARANCE, PDFString.of(appearance));
      this.#addField(root, fontNames);
      this.#rename(root);
      this.#roots.push(ref);
    }
  }

  /** Writes the form into the merged document. Returns a note about signatures. */
  end(): string | undefined {
    if (this.#roots.length === 0) return undefined;
    const { context, catalog } = this.#document;
    const form = context.obj({ Fields: this.#roots, DR: { Font: this.#fonts } });
    if (this.#needsAppearances) form.set(NEED_APPEARANCES, PDFBool.True);
    catalog.set(ACRO_FORM, context.register(form));
    if (this.#signatures === 0) return undefined;
    return `${this.#signatures} digital signatures are not valid in a merged document and were removed`;
  }

  #rootOf(ref: PDFRef, field: PDFDict): [PDFRef, PDFDict] {
    let root: [PDFRef, PDFDict] = [ref, field];
    for (let depth = 0; depth < MAX_DEPTH; depth += 1) {
      const parentRef = root[1].get(PARENT);
      const parent = dictIn(root[1], PARENT);
      if (!(parentRef instanceof PDFRef) || parent === undefined) return root;
      root = [parentRef, parent];
    }
    return root;
  }

  #rename(root: PDFDict): void {
    const title = textIn(root, TITLE);
    if (title === undefined) return;
    let unique = title;
    for (let number = 2; this.#names.has(unique); number += 1) unique = `${title} (${number})`;
    this.#names.add(unique);
    if (unique !== title) root.set(TITLE, PDFHexString.fromText(unique));
  }

  /** Adapts a field and those below it. */
  #addField(field: PDFDict, fontNames: ReadonlyMap<string, string>, depth = 0): void {
    if (depth > MAX_DEPTH) return;
    const appearance = textIn(field, DEFAULT_APPEARANCE);
    if (appearance !== undefined && fontNames.size > 0)
      field.set(DEFAULT_APPEARANCE, PDFString.of(withFonts(appearance, fontNames)));
    if (nameIn(field, FIELD_TYPE) === name('Sig') && field.has(VALUE)) {
      field.delete(VALUE);
      this.#signatures += 1;
    }
    const kids = arrayIn(field, KIDS);
    if (kids === undefined && !field.has(APPEARANCE)) this.#needsAppearances = true;
    for (let i = 0; i < (kids?.size() ?? 0); i += 1) {
      const kid = dictIn(kids, i);
      if (kid !== undefined) this.#addField(kid, fontNames, depth + 1);
    }
  }

  /** Adds the fonts of a form. Returns new names for those whose name another form uses for another font. */
  #addFonts(source: PDFDocument, form: PDFDict): ReadonlyMap<string, string> {
    const renamed = new Map<string, string>();
    const fonts = dictIn(dictIn(form, DEFAULT_RESOURCES), FONT);
    if (fonts === undefined) return renamed;
    const { context } = this.#document;
    const copy = PDFObjectCopier.for(source.context, context).copy(fonts);
    for (const [key, font] of copy.entries()) {
      const dict = dictIn(copy, key);
      let unique = key;
      for (let number = 2; this.#fonts.has(unique); number += 1) {
        if (isSameFont(dictIn(this.#fonts, unique), dict)) break;
        unique = name(`${key.decodeText()}-${number}`);
      }
      if (unique !== key) renamed.set(key.decodeText(), unique.decodeText());
      this.#fonts.set(unique, font);
    }
    return renamed;
  }
}

function* widgetsOf(page: PDFPage): Generator<{ readonly ref: PDFRef; readonly widget: PDFDict }> {
  const annotations = arrayIn(page.node, name('Annots'));
  for (let i = 0; i < (annotations?.size() ?? 0); i += 1) {
    const ref = annotations?.get(i);
    const widget = dictIn(annotations, i);
    if (!(ref instanceof PDFRef) || widget === undefined) continue;
    if (nameIn(widget, name('Subtype')) === name('Widget')) yield { ref, widget };
  }
}

// The typed look-ups of the library throw if a damaged file has another type. These return undefined.

function valueIn(owner: PDFDict | PDFArray | undefined, key: PDFName | number): unknown {
  if (owner instanceof PDFDict && key instanceof PDFName) return owner.lookup(key);
  return owner instanceof PDFArray && typeof key === 'number' ? owner.lookup(key) : undefined;
}

function dictIn(owner: PDFDict | PDFArray | undefined, key: PDFName | number): PDFDict | undefined {
  const value = valueIn(owner, key);
  return value instanceof PDFDict ? value : undefined;
}

function arrayIn(owner: PDFDict, key: PDFName): PDFArray | undefined {
  const value = valueIn(owner, key);
  return value instanceof PDFArray ? value : undefined;
}

function nameIn(owner: PDFDict | undefined, key: PDFName): PDFName | undefined {
  const value = valueIn(owner, key);
  return value instanceof PDFName ? value : undefined;
}

function textIn(owner: PDFDict, key: PDFName): string | undefined {
  const value = valueIn(owner, key);
  return value instanceof PDFString || value instanceof PDFHexString ? value.decodeText() : undefined;
}

/** True for the same font of a viewer. Embedded fonts may lack glyphs that the other one has. */
function isSameFont(one: PDFDict | undefined, other: PDFDict | undefined): boolean {
  const isEmbedded = (font: PDFDict | undefined) => font?.has(name('FontDescriptor')) ?? true;
  const baseOf = (font: PDFDict | undefined) => nameIn(font, name('BaseFont'));
  const encodingOf = (font: PDFDict | undefined) => String(font?.lookup(name('Encoding')));
  if (isEmbedded(one) || isEmbedded(other)) return false;
  return baseOf(one) === baseOf(other) && encodingOf(one) === encodingOf(other);
}

/** Replaces font names in an appearance such as `/Helv 12 Tf 0 g`. */
function withFonts(appearance: string, fontNames: ReadonlyMap<string, string>): string {
  return appearance.replace(/\/([^\s/[\]()<>]+)(?=\s)/g, (all, font: string) => {
    const renamedFont = fontNames.get(font);
    return renamedFont === undefined ? all : `/${renamedFont}`;
  });
}
