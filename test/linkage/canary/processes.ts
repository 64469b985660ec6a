/** What the processes of a service say about themselves: every line of their logs and metrics, database servers' logs included. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Stack } from '../../../apps/ctl/src/stack/stack.js';
import type { Item, Side } from './item.js';

/** Of a process, a database cluster or its log. */
const sideOf = (name: string): Side =>
  name.includes('registrar') ? 'account' : name.includes('keyholder') ? 'keyholder' : 'pseudonym';

export function logItems({ dataDir }: Stack): Item[] {
  const folder = path.join(dataDir, 'logs');
  return readdirSync(folder).flatMap((name) =>
    linesOf(readFileSync(path.join(folder, name), 'utf8')).map((line) => ({ side: sideOf(name), where: name, parts: [line] })),
  );
}

export async function metricItems({ processes }: Stack): Promise<Item[]> {
  const items: Item[] = [];
  for (const process of Object.values(processes)) {
    const { spec } = process;
    const lines = linesOf((await process.get('/metrics')).text);
    items.push(...lines.map((line) => ({ side: sideOf(spec.name), where: `${spec.name} /metrics`, parts: line.split(' ') })));
  }
  return items;
}

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');
