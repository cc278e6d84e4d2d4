import { isForJobs, requestWithSplitter } from './example-request.ts';
import { RecentFailures } from './recent-failures.tsx';
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
    >
      {({ name }) => <RecentFailures kind="splitters" name={name} />}
    </RegisteredPage>
  );
}
