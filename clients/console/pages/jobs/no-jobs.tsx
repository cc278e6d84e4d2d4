import { Button } from '../../parts/button.tsx';
import { Empty } from '../../parts/states.tsx';

export function NoJobs({ filter, onClear }: { filter: string | undefined; onClear: () => void }) {
  if (filter === undefined) {
    return (
      <Empty
        title="No jobs yet"
        command="npx jobtree run --splitter range --define from=0 --define to=100 --worker rehearse --watch"
      >
        A job splits its input into items and runs a worker on each. Create the first one from the command
        line:
      </Empty>
    );
  }
  return (
    <div className="empty">
      <h3>No job matches</h3>
      <p>
        The filter is <code>{filter}</code>.
      </p>
      <Button onClick={onClear}>Clear the filter</Button>
    </div>
  );
}
