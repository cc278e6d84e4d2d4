import { useEffect, useState } from 'react';
import { Button, IconButton } from './button.tsx';

const SHOWN_MILLIS = 1_500;

/** Copies a text, and shows for a moment that it did. */
export function CopyButton({
  text,
  label = 'Copy',
  isIcon = false,
}: {
  text: string | (() => string);
  label?: string;
  isIcon?: boolean;
}) {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => setCopied(false), SHOWN_MILLIS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = async () => {
    await copyText(typeof text === 'string' ? text : text());
    setCopied(true);
  };
  const icon = isCopied ? 'check' : 'copy';
  if (isIcon) return <IconButton icon={icon} label={isCopied ? 'Copied' : label} onClick={copy} />;
  return (
    <Button icon={icon} kind="plain" onClick={copy} aria-live="polite">
      {isCopied ? 'Copied' : label}
    </Button>
  );
}

/** `navigator.clipboard` exists only on secure origins, and an emulator may be another machine. */
async function copyText(text: string): Promise<void> {
  if (navigator.clipboard !== undefined) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}
