import { requestWithWorker } from './example-request.ts';
import { RegisteredPage } from './registered-page.tsx';
import { useWorkers } from './use-registry.ts';

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
    />
  );
}
