const STORAGE_KEY = 'jobtree.partitions';
const MAX_RECENT = 8;

/** Partitions that were opened in this browser, the latest first. */
export function recentPartitions(): readonly string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '[]');
    return Array.isArray(stored) ? stored.filter((one) => typeof one === 'string') : [];
  } catch {
    return [];
  }
}

export function rememberPartition(partition: string): void {
  const recent = [partition, ...recentPartitions().filter((one) => one !== partition)];
  localStorage.setItem(STORAGE_KEY, JSON.stringify(recent.slice(0, MAX_RECENT)));
}
