import { useState } from 'react';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Icon } from '../../parts/icons.tsx';
import { BUILT_IN_VIEWS, type View } from './views.ts';

interface ViewBarProps {
  readonly views: readonly View[];
  readonly search: string;
  readonly onOpen: (view: View) => void;
  readonly onRemove: (name: string) => void;
}

export function ViewBar({ views, search, onOpen, onRemove }: ViewBarProps) {
  return (
    <nav className="views" aria-label="Views">
      {BUILT_IN_VIEWS.map((view) => (
        <ViewButton key={view.name} view={view} search={search} onOpen={onOpen} />
      ))}
      {views.map((view) => (
        <span key={view.name} className="view-saved">
          <ViewButton view={view} search={search} onOpen={onOpen} />
          <button
            type="button"
            aria-label={`Remove the view ${view.name}`}
            title="Remove"
            onClick={() => onRemove(view.name)}
          >
            <Icon name="close" />
          </button>
        </span>
      ))}
    </nav>
  );
}

function ViewButton({ view, search, onOpen }: Pick<ViewBarProps, 'search' | 'onOpen'> & { view: View }) {
  return (
    <button
      type="button"
      className="view"
      aria-pressed={view.search === search.trim()}
      onClick={() => onOpen(view)}
    >
      {view.name}
    </button>
  );
}

interface SaveViewProps {
  readonly search: string;
  readonly onSave: (name: string) => void;
  readonly onClose: () => void;
}

export function SaveViewDialog({ search, onSave, onClose }: SaveViewProps) {
  const [name, setName] = useState('');
  return (
    <Dialog
      title="Save this view"
      onClose={onClose}
      onSubmit={() => {
        if (name.trim() !== '') onSave(name.trim());
      }}
      actions={
        <Button submits kind="primary" disabled={name.trim() === ''}>
          Save
        </Button>
      }
    >
      <div className="field">
        <label htmlFor="view-name">Name</label>
        <input
          id="view-name"
          value={name}
          maxLength={40}
          autoComplete="off"
          onChange={(event) => setName(event.target.value)}
        />
      </div>
      <p>
        It opens the search <code>{search}</code>. Views are kept in this browser; to share one, send the
        address of the page.
      </p>
    </Dialog>
  );
}
