import { useEffect, useState } from 'react';
import { Button, IconButton } from '../parts/button.tsx';
import { describedBy } from './widgets.tsx';

type Pairs = Readonly<Record<string, string>>;

interface PairsInputProps {
  readonly id: string;
  readonly pairs: Pairs;
  readonly onChange: (pairs: Pairs | undefined) => void;
}

/** Names and values, one pair in each row. A row without a name is not part of the value yet. */
export function PairsInput({ id, pairs, onChange }: PairsInputProps) {
  const [rows, setRows] = useState<readonly (readonly [string, string])[]>(() => Object.entries(pairs));
  const text = JSON.stringify(pairs);
  useEffect(() => {
    const given = Object.entries(JSON.parse(text) as Pairs);
    setRows((current) => (JSON.stringify(pairsOf(current)) === text ? current : given));
  }, [text]);
  const change = (next: readonly (readonly [string, string])[]) => {
    setRows(next);
    const value = pairsOf(next);
    onChange(Object.keys(value).length === 0 ? undefined : value);
  };
  const replace = (at: number, row: readonly [string, string]) =>
    change(rows.map((current, index) => (index === at ? row : current)));
  return (
    <div className="form-pairs">
      {rows.map(([name, value], at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row has no other identity while its name is typed
        <div key={at} className="form-pair">
          <input
            id={at === 0 ? id : undefined}
            aria-label={`Name ${at + 1}`}
            aria-describedby={describedBy(id)}
            placeholder="name"
            autoComplete="off"
            value={name}
            onChange={(event) => replace(at, [event.target.value, value])}
          />
          <input
            aria-label={`Value ${at + 1}`}
            placeholder="value"
            autoComplete="off"
            value={value}
            onChange={(event) => replace(at, [name, event.target.value])}
          />
          <IconButton
            icon="trash"
            label={`Remove pair ${at + 1}`}
            onClick={() => change(rows.filter((_, index) => index !== at))}
          />
        </div>
      ))}
      <Button
        id={rows.length === 0 ? id : undefined}
        aria-label="Add a pair"
        icon="plus"
        onClick={() => setRows([...rows, ['', '']])}
      >
        Add a pair
      </Button>
    </div>
  );
}

function pairsOf(rows: readonly (readonly [string, string])[]): Pairs {
  return Object.fromEntries(rows.filter(([name]) => name !== ''));
}
