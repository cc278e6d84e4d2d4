/** The text that a printed form shows for its fields. */
import type { Attributes } from './open-elements.ts';

const WITHOUT_TEXT: ReadonlySet<string> = new Set(['hidden', 'password', 'image', 'file', 'range', 'color']);

/** Returns the text of an input: its value, or a box that is checked or not. */
export function inputText({ type = 'text', value = '', placeholder = '', checked }: Attributes): string {
  switch (type.toLowerCase()) {
    case 'checkbox':
      return checked === undefined ? '\u2610 ' : '\u2611 ';
    case 'radio':
      return checked === undefined ? '\u25cb ' : '\u25c9 ';
    default:
      if (WITHOUT_TEXT.has(type.toLowerCase())) return '';
      return ` ${value === '' ? placeholder : value} `;
  }
}

/** The options of a list, of which only those that are selected are shown. */
export class SelectField {
  readonly #options: { text: string; readonly isSelected: boolean }[] = [];

  addOption({ selected }: Attributes): void {
    this.#options.push({ text: '', isSelected: selected !== undefined });
  }

  write(text: string): void {
    const option = this.#options.at(-1);
    if (option !== undefined) option.text += text;
  }

  /** Browsers show the first option if none is selected. */
  get text(): string {
    const selected = this.#options.filter(({ isSelected }) => isSelected);
    const shown = selected.length > 0 ? selected : this.#options.slice(0, 1);
    return shown.map(({ text }) => text.trim()).join(', ');
  }
}
