/** The one line of a process's output that says why it ended. Pure. */

/** Output of an app or a tool: JSON log lines, plain lines, or a crash of Node itself. At most 300 characters. */
export function reasonIn(output: string): string {
  const lines = output.split('\n').flatMap((line) => line.trim() || []);
  const logged = lines.flatMap((line) => fromLog(line) ?? []).at(-1);
  const plain = lines.filter((line) => !line.startsWith('{'));
  const thrown = plain.find((line) => /^(\w*Error|Uncaught)\b.*:/.test(line));
  const said = plain.findLast((line) => !/^(at |Node\.js v|\^|node:|file:)/.test(line));
  return (thrown ?? logged ?? said ?? 'it said nothing').slice(0, 300);
}

/** Faults only: what goes well is no reason. */
function fromLog(line: string): string | undefined {
  try {
    const { level, event, err, msg } = JSON.parse(line) as Record<string, unknown> & { err?: { message?: string } };
    const isFault = typeof level === 'number' ? level >= 50 : level === 'error' || level === 'fatal';
    return isFault ? [event, err?.message, msg].filter((part) => typeof part === 'string').join(': ') : undefined;
  } catch {
    return undefined;
  }
}
