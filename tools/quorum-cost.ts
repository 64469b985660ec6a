/**
 * What f costs: how many abusive accounts cross the trimmed sum, by the number of their abusive pseudonyms. Simulates the rule of
 * protocol.md §6 from the scenario's plain twin, prints a table and draws docs/img/quorum-cost.svg for the operator guide.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { SeededRandom } from '../apps/ctl/src/scenario/random.js';
import { crosses } from '../apps/ctl/src/scenario/twin.js';

const world = {
  hubs: 12,
  reportedWith: { least: 0.4, most: 1 },
  reports: { least: 2, most: 8 },
  weight: 10,
  cap: 40,
  clip: 40,
  threshold: 60,
};
const trims = [0, 1, 2, 3];
const counts = Array.from({ length: 19 }, (_, i) => i + 2);

/** Share of accounts with `pseudonyms` abusive pseudonyms that cross, out of `accounts` simulated ones. */
function suspendedShare(random: SeededRandom, pseudonyms: number, f: number, accounts: number): number {
  let suspended = 0;
  for (let account = 0; account < accounts; account++) {
    const probability = Array.from(
      { length: world.hubs },
      () => world.reportedWith.least + random.unit() * (world.reportedWith.most - world.reportedWith.least),
    );
    const operators = new Array<number>(world.hubs).fill(0);
    for (let i = 0; i < pseudonyms; i++) {
      const hub = random.between({ least: 0, most: world.hubs - 1 });
      if (random.chance(probability[hub]!)) operators[hub]! += Math.min(world.cap, random.between(world.reports) * world.weight);
    }
    if (
      crosses(operators, {
        f,
        clip: world.clip,
        threshold: world.threshold,
        capPerHubAndPseudonym: world.cap,
        scale: 1,
        decay: [1],
        weightOf: () => undefined,
      })
    )
      suspended++;
  }
  return suspended / accounts;
}

function plot(lines: readonly { readonly f: number; readonly shares: readonly number[] }[]): string {
  const box = { width: 720, height: 400, left: 64, right: 96, top: 24, bottom: 56 };
  const x = (count: number) =>
    box.left + ((count - counts[0]!) / (counts.at(-1)! - counts[0]!)) * (box.width - box.left - box.right);
  const y = (share: number) => box.height - box.bottom - share * (box.height - box.top - box.bottom);
  const colours = ['#6b7280', '#0f766e', '#1d4ed8', '#b45309'];
  const grid = [0, 0.25, 0.5, 0.75, 1].map(
    (share) =>
      `<line x1="${box.left}" x2="${box.width - box.right}" y1="${y(share)}" y2="${y(share)}" stroke="#e5e7eb"/><text x="${box.left - 8}" y="${y(share) + 4}" text-anchor="end">${share * 100} %</text>`,
  );
  const ticks = counts
    .filter((count) => count % 2 === 0)
    .map((count) => `<text x="${x(count)}" y="${box.height - box.bottom + 20}" text-anchor="middle">${count}</text>`);
  const drawn = lines.map(
    ({ f, shares }, i) =>
      `<polyline fill="none" stroke="${colours[i]}" stroke-width="2.5" points="${shares.map((share, j) => `${x(counts[j]!).toFixed(1)},${y(share).toFixed(1)}`).join(' ')}"/>` +
      `<text x="${box.width - box.right + 8}" y="${y(shares.at(-1)!) + 4 + i * 14 - 4}" fill="${colours[i]}">f = ${f}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${box.width} ${box.height}" font-family="system-ui, sans-serif" font-size="13" role="img" aria-label="Share of abusive accounts suspended, by number of abusive pseudonyms and f">
<rect width="100%" height="100%" fill="#ffffff"/>
${[...grid, ...ticks, ...drawn].join('\n')}
<text x="${(box.left + box.width - box.right) / 2}" y="${box.height - 12}" text-anchor="middle">abusive pseudonyms of the account</text>
<text transform="translate(16 ${box.height / 2}) rotate(-90)" text-anchor="middle">accounts suspended</text>
</svg>
`;
}

const { values } = parseArgs({
  options: {
    accounts: { type: 'string', default: '4000' },
    seed: { type: 'string', default: '1' },
    svg: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (values.help) {
  console.log('Usage: quorum-cost [--accounts N] [--seed N] [--svg FILE]\nSimulates what f costs; prints a table, draws FILE.');
} else {
  const random = new SeededRandom(Number(values.seed));
  const lines = trims.map((f) => ({
    f,
    shares: counts.map((count) => suspendedShare(random, count, f, Number(values.accounts))),
  }));
  console.log(
    `12 hubs, C = ${world.clip}, T0 = ${world.threshold}, reported with 40–100 %, ${values.accounts} accounts a point, seed ${values.seed}`,
  );
  console.table(
    Object.fromEntries(
      counts.map((count, i) => [
        count,
        Object.fromEntries(lines.map(({ f, shares }) => [`f = ${f}`, `${(shares[i]! * 100).toFixed(1)} %`])),
      ]),
    ),
  );
  if (values.svg) writeFileSync(values.svg, plot(lines));
}
