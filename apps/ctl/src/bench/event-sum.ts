/** What a process has said about itself so far: its log is JSON lines, one per event (events.ts of each app). Pure. */

/** Sum of a number over all events of a name; lines that are no JSON are left out. */
export function eventSum(output: string, event: string, field: string): number {
  const lines = output.split('\n').filter((line) => line.includes(`"${event}"`));
  return lines.reduce((sum, line) => sum + numberIn(line, event, field), 0);
}

function numberIn(line: string, event: string, field: string): number {
  try {
    const entry = JSON.parse(line) as Record<string, unknown>;
    const value = entry['event'] === event ? entry[field] : 0;
    return typeof value === 'number' ? value : 0;
  } catch {
    return 0; // the process is still writing it
  }
}
