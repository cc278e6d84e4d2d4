import { docsUrl } from '../addresses.ts';
import { PAGES } from '../pages.ts';
import { Dialog } from '../parts/dialog.tsx';
import { KEYS } from './keyboard.ts';

export function HelpDialog({ onClose }: { onClose: () => void }) {
  const pages = PAGES.flatMap(({ key, nav }) =>
    key === undefined || nav === undefined ? [] : [[`g ${key}`, nav.label] as const],
  );
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl className="keys">
        {[...KEYS, ...pages].map(([keys, meaning]) => (
          <div key={keys}>
            <dt>
              {keys.split(' ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <p>
        The <a href={docsUrl('')}>docs</a> of this version are part of the service.
      </p>
    </Dialog>
  );
}
