import { useMemo } from 'react';
import { CopyButton } from './copy-button.tsx';

/** JSON with colours, as text that can be selected. */
export function JsonView({ value, label = 'JSON' }: { value: unknown; label?: string }) {
  const text = useMemo(() => JSON.stringify(value, null, 2) ?? 'undefined', [value]);
  return <CodeView text={text} label={label} isJson />;
}

/** Text in a box with a copy button. */
export function CodeView({ text, label, isJson = false }: { text: string; label: string; isJson?: boolean }) {
  return (
    <div className="code-view">
      <CopyButton text={text} label="Copy" isIcon />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: an area that scrolls must be reachable by keyboard */}
      <section className="code-scroll" tabIndex={0} aria-label={label}>
        <pre>
          <code>{isJson ? coloured(text) : text}</code>
        </pre>
      </section>
    </div>
  );
}

const TOKENS = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(true|false|null)\b|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/g;

/** Beyond this size, colours would make the page slow. */
const MAX_COLOURED = 100_000;

function coloured(text: string) {
  if (text.length > MAX_COLOURED) return text;
  const parts = [];
  let at = 0;
  for (const match of text.matchAll(TOKENS)) {
    const [whole, string, colon, word] = match;
    parts.push(text.slice(at, match.index));
    const kind =
      string === undefined
        ? word === undefined
          ? 'number'
          : 'word'
        : colon === undefined
          ? 'string'
          : 'key';
    const shown = string ?? whole;
    parts.push(
      <span key={match.index} className={`json-${kind}`}>
        {shown}
      </span>,
      colon ?? '',
    );
    at = match.index + whole.length;
  }
  parts.push(text.slice(at));
  return parts;
}
