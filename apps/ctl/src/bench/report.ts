/** A run as people read it, and as JSON. Pure. */
import { table } from '../command/table.js';
import type { Cell } from '../command/table.js';
import { machineLine } from './machine.js';
import type { Machine } from './machine.js';
import type { Figure, Growth, Measurements, Omission } from './measurements.js';

export interface Report {
  readonly figures: readonly Figure[];
  readonly growth: readonly Growth[];
  readonly omitted: readonly Omission[];
  readonly machine: Machine;
  readonly quick: boolean;
  readonly seconds: number;
}

export function reportOf(
  measurements: Measurements,
  { machine, quick, seconds }: Pick<Report, 'machine' | 'quick' | 'seconds'>,
): Report {
  return {
    figures: measurements.all(),
    growth: measurements.growth(),
    omitted: measurements.omissions(),
    machine,
    quick,
    seconds: Math.round(seconds),
  };
}

export function reportText({ figures, growth, omitted, machine, quick, seconds }: Report): string {
  const parts = [
    table(['figure', 'median', 'unit', 'least', 'most', 'runs', 'reach', 'met'], figures.map(figureRow)),
    ...(growth.length > 0 ? ['Growth', growthTable(growth)] : []),
    ...(omitted.length > 0 ? [['Not measured:', ...omitted.map(({ name, reason }) => `  ${name}: ${reason}`)].join('\n')] : []),
    `${machineLine(machine)}. ${Math.round(seconds)} s in all${quick ? ', --quick: small worlds, few repetitions' : ''}.`,
  ];
  return parts.join('\n\n');
}

const figureRow = ({ name, value, unit, min, max, runs, reach, met }: Figure): Cell[] => [
  name,
  text(value),
  unit,
  text(min),
  text(max),
  text(runs),
  reach ?? '',
  met === undefined ? '' : met ? 'yes' : 'NO',
];

/** One row per figure, one column per world; the last says how much the figure grew from the smallest to the largest. */
function growthTable(growth: readonly Growth[]): string {
  const sizes = [...new Set(growth.map(({ accounts }) => accounts))].sort((a, b) => a - b);
  const rows = [...new Set(growth.map(({ name }) => name))].map((name): Cell[] => {
    const own = sizes.map((accounts) => growth.find((one) => one.name === name && one.accounts === accounts));
    const [first, last] = [own[0]?.value, own.at(-1)?.value];
    const factor = first && last && own.length > 1 ? `× ${(last / first).toFixed(2)}` : '';
    return [name, growth.find((one) => one.name === name)?.unit ?? '', ...own.map((one) => (one ? text(one.value) : '')), factor];
  });
  return table(['figure', 'unit', ...sizes.map((size) => `${size.toLocaleString('en')} accounts`), 'growth'], rows);
}

const text = (value: number): string => value.toLocaleString('en', { maximumSignificantDigits: 6 });
