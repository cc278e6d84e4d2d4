/** Text in other scripts than Latin. */
import { html, rows } from './gallery-document.ts';

export const SCRIPT_PAGES = [
  html(
    'arabic',
    'a letter from right to left, with numbers and Latin names in it',
    '<div dir="rtl"><h1>عقد إيجار</h1><p>اتفق الطرفان على تأجير الشقة رقم 12 في شارع النيل لمدة سنة واحدة تبدأ من 1 يناير 2026 مقابل مبلغ 4500 جنيه شهريا يدفع في أول كل شهر إلى حساب الشركة Example Ltd لدى البنك.</p><ul><li>بند أول</li><li>بند ثان</li></ul></div>',
  ),
  html(
    'hebrew-table',
    'a table from right to left',
    `<table dir="rtl"><tr><th>שם</th><th>סכום</th></tr>${rows(3, (row) => [`פריט ${row + 1}`, (row + 1) * 100])}</table><p dir="rtl">סך הכול: 600 שקלים (כולל מע״מ).</p>`,
  ),
  html(
    'mixed-scripts',
    'Latin with accents, Greek, Cyrillic, Hebrew, Arabic, Armenian and Georgian beside each other',
    '<p>Příliš žluťoučký kůň, naïve façade, Łódź, Ærøskøbing, İstanbul.</p><p>Ξεσκεπάζω την ψυχοφθόρα βδελυγμία.</p><p>Съешь же ещё этих мягких французских булок.</p><p>English with שלום and مرحبا in it.</p><p>Հայերեն, ქართული, Tiếng Việt.</p>',
  ),
  html(
    'missing-signs',
    'a replacement for each sign that the font lacks, and a note',
    '<p>Emoji 😀 and 👍🏽, then text. Chinese 中文, Japanese 日本語, Korean 한국어, Thai ภาษาไทย.</p>',
  ),
];
