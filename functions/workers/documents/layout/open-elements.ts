import type { Alignment } from './blocks.ts';

export type Attributes = Readonly<Record<string, string>>;

/** An element that is open, with what it hands down to the text in it. */
export interface OpenElement {
  readonly name: string;
  readonly attributes: Attributes;
  /** True if its text is not shown: scripts, hidden elements, or too deeply nested ones. */
  readonly isSilent: boolean;
  readonly isRightToLeft: boolean;
  readonly alignment?: Alignment;
}

export const names = (list: string): ReadonlySet<string> => new Set(list.split(' '));

/** Elements whose content is not document text. */
const SILENT = names(
  'audio canvas head iframe noframes noscript object script style svg template title video',
);
const HIDDEN = /(?:^|[;\s])(?:display\s{0,5}:\s{0,5}none|visibility\s{0,5}:\s{0,5}hidden)/i;
const ALIGNMENT = /(?:^|[;\s])text-align\s{0,5}:\s{0,5}(left|right|center)/i;

export function openElement(
  name: string,
  attributes: Attributes,
  parent: OpenElement | undefined,
): OpenElement {
  const { hidden, style = '', dir } = attributes;
  const isHidden = hidden !== undefined || HIDDEN.test(style);
  const alignment = alignmentOf(name, attributes) ?? parent?.alignment;
  return {
    name,
    attributes,
    isSilent: parent?.isSilent === true || SILENT.has(name) || isHidden,
    isRightToLeft: dir === undefined ? parent?.isRightToLeft === true : dir.toLowerCase() === 'rtl',
    ...(alignment !== undefined && { alignment }),
  };
}

/** `align` of a table moves the table, not its text. */
function alignmentOf(name: string, { align, style = '' }: Attributes): Alignment | undefined {
  if (name === 'center') return 'center';
  const given = (ALIGNMENT.exec(style)?.[1] ?? (name === 'table' ? undefined : align))?.toLowerCase();
  return given === 'left' || given === 'right' || given === 'center' ? given : undefined;
}
