/** Lines of the tables of HTML and of sheets. */
import type { CustomTableLayout } from 'pdfmake/interfaces.js';
import { RULE_COLOR } from './text-styles.ts';

/** In points. */
export const LINE_WIDTH = 0.5;

type Borders = Pick<CustomTableLayout, 'hLineWidth' | 'vLineWidth' | 'hLineColor' | 'vLineColor'>;

/** Returns thin lines around each cell. `step` is called for each horizontal line. */
export function cellBorders(step: () => void): Borders {
  return {
    hLineWidth: () => {
      step();
      return LINE_WIDTH;
    },
    vLineWidth: () => LINE_WIDTH,
    hLineColor: () => RULE_COLOR,
    vLineColor: () => RULE_COLOR,
  };
}
