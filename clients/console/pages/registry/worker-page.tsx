import { requestWithWorker } from './example-request.ts';
import { RecentFailures } from './recent-failures.tsx';
import { RegisteredPage } from './registered-page.tsx';
import { useWorkers } from './use-registry.ts';
import { WorkerQueue } from './worker-queue.tsx';

export function WorkerPage() {
  return (
    <RegisteredPage
      kind="workers"
      query={useWorkers()}
      show={(worker) => ({
        description: worker.description,
        title: 'Parameters',
        schema: worker.parameters,
        example: requestWithWorker(worker),
        exampleTitle: 'Example request',
        newJob: { worker: worker.name },
      })}
    >
      {({ name }) => (
        <>
          <WorkerQueue worker={name} />
          <RecentFailures kind="workers" name={name} />
        </>
      )}
    </RegisteredPage>
  );
}
