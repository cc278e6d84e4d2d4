import { Link } from 'wouter';
import { pagePath } from '../../addresses.ts';
import { usePartition } from '../../data/route.ts';
import { Icon } from '../../parts/icons.tsx';

/** Looks like a button, because it begins an action. */
export function NewJobLink() {
  return (
    <Link className="button button-primary" href={pagePath(usePartition(), 'new-job')}>
      <Icon name="plus" />
      New job
    </Link>
  );
}
