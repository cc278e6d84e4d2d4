import { isForJobs, requestWithSplitter } from './example-request.ts';
import { RegisteredPage } from './registered-page.tsx';
import { useSplitters, useWorkers } from './use-registry.ts';

export function SplitterPage() {
  const { data: workers = [] } = useWorkers();
  return (
    <RegisteredPage
      kind="splitters"
      query={useSplitters()}
      show={(splitter) => ({
        description: splitter.description,
        title: 'Definition',
        schema: splitter.definition,
        example: requestWithSplitter(splitter, workers),
        exampleTitle: isForJobs(splitter.name) ? 'Example request' : 'Example step of a template',
        ...(isForJobs(splitter.name) && { newJob: { splitter: splitter.name } }),
      })}
    />
  );
}
