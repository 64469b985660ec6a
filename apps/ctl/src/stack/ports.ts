/** Addresses of the processes on the loopback interface. */
import { defaultPorts, isInternal } from './app-specs.js';
import type { PortName } from './app-specs.js';
import { freePort, isFree } from './free-port.js';
import { StackError } from './stack-error.js';

const usualBase = 7_400;

/** @param base 0: any free ports; else the usual ones, moved so that registrar has base + 1. Throws StackError naming the busy ones. */
export async function choosePorts(base: number): Promise<Record<PortName, string>> {
  const names = Object.keys(defaultPorts) as PortName[];
  const ports = await Promise.all(
    names.map(async (name) => [name, base === 0 ? await freePort() : defaultPorts[name] - usualBase + base] as const),
  );
  const busy = await Promise.all(ports.map(async ([name, port]) => ((await isFree(port)) ? [] : [`${port} (${name})`])));
  if (busy.flat().length > 0) {
    throw new StackError(
      `port ${busy.flat().join(', ')} is in use`,
      `stop what listens there, or choose others with --port-base (now ${base}; 0 takes any free ones)`,
    );
  }
  return Object.fromEntries(
    ports.map(([name, port]) => [name, `${isInternal(name) ? 'https' : 'http'}://127.0.0.1:${port}`]),
  ) as Record<PortName, string>;
}
