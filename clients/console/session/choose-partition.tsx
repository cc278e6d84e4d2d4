import { useState } from 'react';
import { useLocation } from 'wouter';
import { pagePath } from '../addresses.ts';
import { OtherPartition } from '../frame/partition-switch.tsx';
import { useTitle } from '../parts/page.tsx';

/** The first page for a token of all partitions, in a browser that has opened none yet. */
export function ChoosePartition() {
  const [name, setName] = useState('');
  const [, navigate] = useLocation();
  useTitle('Choose a partition');
  return (
    <main className="sign-in">
      <h1>Choose a partition</h1>
      <p>Your token allows all partitions. A partition exists once it has a job.</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '') navigate(pagePath(name.trim()));
        }}
      >
        <OtherPartition name={name} onChange={setName} />
      </form>
    </main>
  );
}
