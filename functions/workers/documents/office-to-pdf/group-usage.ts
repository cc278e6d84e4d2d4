import { readdirSync, readFileSync } from 'node:fs';

/** CPU time and resident memory of all processes of a group. */
export interface GroupUsage {
  readonly cpuSeconds: number;
  readonly memoryBytes: number;
}

/** Clock ticks per second in /proc, the same on every Linux. */
const TICKS = 100;
/** Positions in /proc/<pid>/stat after the name of the program. */
const FIELDS = { group: 2, user: 11, system: 12, childrenUser: 13, childrenSystem: 14 };
const RESIDENT_PAGES = /^VmRSS:\s+(\d+) kB$/m;

/** Reads the usage from /proc. Ended processes count through their parent, which collected them. */
export function groupUsage(group: number): GroupUsage {
  const usages = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => usageIn(pid, group));
  return {
    cpuSeconds: usages.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
    memoryBytes: usages.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
  };
}

function usageIn(pid: string, group: number): GroupUsage[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name is in parentheses and may contain spaces and parentheses.
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    if (fields[FIELDS.group] !== group) return [];
    const { user, system, childrenUser, childrenSystem } = FIELDS;
    const ticks = [user, system, childrenUser, childrenSystem].reduce(
      (sum, at) => sum + (fields[at] ?? 0),
      0,
    );
    const [, kibibytes = 0] = RESIDENT_PAGES.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? [];
    return [{ cpuSeconds: ticks / TICKS, memoryBytes: Number(kibibytes) * 1024 }];
  } catch {
    // The process ended meanwhile.
    return [];
  }
}
