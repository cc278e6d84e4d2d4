/**
 * Normalizes a cell as the benchmark does before it compares headers and records: numbers, booleans, dates, times and prices by
 * value, all else without case. The benchmark uses two Python libraries that also understand dates and prices within text.
 */
const INTEGER = /^[+-]?\d+(?:_\d+)*$/;
const FLOAT = /^[+-]?(?:\d+(?:_\d+)*\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const TIME = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/;
const DATE = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/;
const PRICE = /([$€£])\s*(\d[\d,]*(?:\.\d+)?)/;

export function normalizedCell(cell: string): string {
  if (cell === 'True' || cell === 'true') return '1';
  if (cell === 'False' || cell === 'false') return '0';
  const text = cell.trim();
  if (INTEGER.test(text)) return String(BigInt(text.replaceAll('_', '').replace('+', '')));
  if (FLOAT.test(text)) return String(Number(text.replaceAll('_', '')));
  const [time, hours = '', minutes, seconds = '00'] = TIME.exec(text) ?? [];
  if (time !== undefined) return `${hours.padStart(2, '0')}:${minutes}:${seconds}`;
  const [date, day, month, year] = DATE.exec(text) ?? [];
  if (date !== undefined) return `${year}-${month}-${day} 00:00:00`;
  const [price, currency, amount = ''] = PRICE.exec(cell) ?? [];
  if (price !== undefined) return `${currency}${Number(amount.replaceAll(',', ''))}`;
  return cell.toLowerCase();
}
