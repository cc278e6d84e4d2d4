import { useEffect, useState } from 'react';
import { Button, IconButton } from '../../parts/button.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Icon } from '../../parts/icons.tsx';

interface SearchBarProps {
  readonly text: string;
  readonly filter: string | undefined;
  readonly problem: string | undefined;
  readonly onSearch: (text: string) => void;
  readonly onSave: () => void;
}

const TYPING_MILLIS = 300;
const EXAMPLE = 'Search: words, status:failed, failed>0, by:me, newer:2h, team:billing, or a filter';

/** The box turns words into a filter while they are typed, and shows the filter below. */
export function SearchBar({ text, filter, problem, onSearch, onSave }: SearchBarProps) {
  const [typed, setTyped] = useState(text);
  useEffect(() => setTyped(text), [text]);
  useEffect(() => {
    if (typed === text) return undefined;
    const timer = setTimeout(() => onSearch(typed), TYPING_MILLIS);
    return () => clearTimeout(timer);
  }, [typed, text, onSearch]);
  return (
    <search className="job-search">
      <div className="job-search-row">
        <span className="job-search-box">
          <Icon name="search" />
          <input
            data-search
            type="search"
            aria-label="Search jobs"
            placeholder={EXAMPLE}
            value={typed}
            spellCheck={false}
            autoComplete="off"
            aria-invalid={problem !== undefined}
            aria-describedby="job-filter"
            onChange={(event) => setTyped(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter') onSearch(typed);
              if (event.key === 'Escape') event.currentTarget.blur();
            }}
          />
          {typed === '' ? (
            <kbd>/</kbd>
          ) : (
            <IconButton icon="close" label="Clear the search" onClick={() => onSearch('')} />
          )}
        </span>
        <Button icon="save" disabled={text === ''} onClick={onSave}>
          Save view
        </Button>
      </div>
      <p id="job-filter" className={problem === undefined ? 'job-filter' : 'job-filter field-problem'}>
        <FilterLine filter={filter} problem={problem} />
      </p>
    </search>
  );
}

function FilterLine({ filter, problem }: Pick<SearchBarProps, 'filter' | 'problem'>) {
  if (problem !== undefined) return <>{problem}</>;
  if (filter === undefined)
    return <span className="muted">No filter: all jobs of the partition, the newest first.</span>;
  return (
    <>
      <span className="muted">filter</span> <code className="truncate">{filter}</code>
      <CopyButton text={filter} label="Copy the filter" isIcon />
    </>
  );
}
